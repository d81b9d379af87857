import type { ReflectMessage } from "@bufbuild/protobuf/reflect";

/** The fields that the declaration of a message lacks, such as its extensions, each with its bytes. */
export function unknownFieldsOf({ message }: ReflectMessage): Map<string, string> {
  const fields = new Map<string, string>();
  for (const { no, data } of message.$unknown ?? []) {
    const name = `extension ${no}`;
    fields.set(name, `${fields.get(name) ?? ""} ${data.join()}`);
  }
  return fields;
}
