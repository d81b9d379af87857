import { answer, type Format } from "./answer.js";
import { listCategories, listRules } from "./list-rules.js";
import { rules } from "./rules/index.js";

/** Calls a procedure of buf.plugin.check.v1.CheckService and encodes its response. */
export async function call(
  procedure: string,
  request: () => Promise<Uint8Array>,
  format: Format,
): Promise<Uint8Array | string> {
  switch (procedure) {
    case "ListRules":
      return answer("buf.plugin.check.v1.ListRulesResponse", listRules(rules), format);
    case "ListCategories":
      return answer("buf.plugin.check.v1.ListCategoriesResponse", listCategories(), format);
    default: {
      // Loads protobuf, which the other answers do without.
      const { check } = await import("./check.js");
      const response = check(await request(), format, rules);
      return answer("buf.plugin.check.v1.CheckResponse", response, format);
    }
  }
}
