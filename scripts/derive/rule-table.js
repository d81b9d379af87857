import { loadModule } from "./load-module.js";
import { table } from "./reference/markdown.js";

/** The rules of the plugin, as a table. */
export async function renderRuleTable() {
  /** @type {typeof import("../../src/buf-plugin/rules/index.js")} */
  const { rules } = await loadModule("src/buf-plugin/rules/index.ts");
  return table(
    ["rule", "command", "purpose"],
    rules.map(({ id, type, purpose }) => [`\`${id}\``, `\`buf ${type}\``, purpose]),
  );
}
