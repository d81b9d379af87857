import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { messagesOf } from "../descriptors.js";
import type { Rule } from "../rule.js";

export const javaAccessorsDistinct: Rule = {
  id: "STIGMER_JAVA_ACCESSORS_DISTINCT",
  purpose:
    "Checks that no field is named as a repeated field or a map with _count or _list, which renames the accessors of both in Java.",
  type: "lint",
  *check(files) {
    for (const message of messagesOf(files)) {
      for (const [at, list] of clashesOf(message)) {
        const [own, other] = [list, at].map((field) => capitalized(field.name));
        const all = list.fieldKind === "map" ? "Map" : "List";
        yield {
          at,
          message: `Field "${at.name}" on message "${message.name}" must have another name: get${other} is also what Java calls an accessor of "${list.name}". protoc tells the two apart by their numbers: get${own}${all} becomes get${own}${list.number}${all}, and callers do not compile.`,
        };
      }
    }
  },
};

function* clashesOf({ fields }: DescMessage): Iterable<readonly [at: DescField, list: DescField]> {
  for (const list of fields) {
    if (list.fieldKind !== "list" && list.fieldKind !== "map") continue;
    const taken = ["Count", "List"].map((suffix) => capitalized(list.name) + suffix);
    for (const at of fields) if (taken.includes(capitalized(at.name))) yield [at, list];
  }
}

/** A field's name as protoc writes it in Java: a letter after anything but a letter is a capital. */
function capitalized(name: string): string {
  return name
    .replace(/(^|[^a-zA-Z])([a-z])/g, (_, before: string, letter: string) => {
      return before.replace("_", "") + letter.toUpperCase();
    })
    .replaceAll("_", "");
}
