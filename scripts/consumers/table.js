/**
 * A test in the results of vitest's JSON reporter; `told` is what the table tells when it has passed.
 *
 * @typedef {object} Test
 * @property {string} status
 * @property {{ told?: { tool: string, version: string, what: string } }} [meta]
 */

const header = ["Tool", "Versions", "What each run does with it"];

/**
 * The table of tools, as Markdown: a row for each, with its versions and with what tests did of which
 * all have passed.
 *
 * @param {Test[]} tests
 * @returns {string}
 */
export function renderTable(tests) {
  const told = tests.flatMap(({ status, meta }) => (meta?.told ? [{ status, ...meta.told }] : []));
  const tools = unique(told.map(({ tool }) => tool)).sort((a, b) => a.localeCompare(b, "en"));
  const rows = tools.map((tool) => {
    const own = told.filter((test) => test.tool === tool);
    const failed = own.filter(({ status }) => status !== "passed").map(({ what }) => what);
    const did = unique(own.map(({ what }) => what)).filter((what) => !failed.includes(what));
    return [tool, unique(own.map(({ version }) => version)).join(", "), did.join("; ")];
  });
  const lines = [header, header.map(() => "---"), ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/**
 * @param {string[]} texts
 * @returns {string[]}
 */
function unique(texts) {
  return [...new Set(texts)];
}
