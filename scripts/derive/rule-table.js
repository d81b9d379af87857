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

/** What buf.yaml can set for the rules, as a table. */
export async function renderRuleOptions() {
  /** @type {typeof import("../../src/buf-plugin/rules/index.js")} */
  const { rules } = await loadModule("src/buf-plugin/rules/index.ts");
  const options = rules.flatMap((rule) => Object.entries(rule.options ?? {}));
  return table(
    ["option", "what it adds", "known without it"],
    options.map(([key, { purpose, preset }]) => [
      `\`${key}\``,
      purpose,
      preset.map((text) => `\`${text}\``).join(", ") || "none",
    ]),
  );
}
