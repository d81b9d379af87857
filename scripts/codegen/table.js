/** @typedef {Record<string, string>} Versions */

/**
 * A test in the results of vitest's JSON reporter.
 *
 * @typedef {object} Test
 * @property {string[]} ancestorTitles
 * @property {string} status
 * @property {Meta} [meta]
 *
 * @typedef {object} Meta
 * @property {Versions} [generators]
 * @property {Versions} [versions] of the language, and of libraries
 * @property {Versions} [libraries] more of them
 * @property {Record<string, number>} [seconds]
 */

const header = ["Language", "Generators", "Libraries", "Checked by each run", "Last run on"];

/**
 * The table of what was checked, as Markdown: a row for each language whose tests have told its
 * versions, with the groups of its tests of which all have passed.
 *
 * @param {Test[]} tests
 * @returns {{ table: string, languages: number }}
 */
export function renderTable(tests) {
  const rows = tests.flatMap(({ ancestorTitles: [language = ""], meta }) => {
    if (meta?.generators === undefined || meta.versions === undefined) return [];
    const [[platform = "", version = ""] = [], ...libraries] = Object.entries(meta.versions);
    const own = tests.filter(({ ancestorTitles }) => ancestorTitles[0] === language);
    const others = own.flatMap(({ meta }) => Object.entries(meta?.libraries ?? {}));
    return [
      [
        language,
        list(Object.entries(meta.generators)),
        list([...libraries, ...others]),
        checked(own).join("; "),
        `${platform} ${version.split(".").slice(0, 2).join(".")}`,
      ],
    ];
  });
  const lines = [header, header.map(() => "---"), ...rows];
  const table = lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  return { table, languages: rows.length };
}

/**
 * Whether two tables say the same but for what the run was on, which is another machine's affair.
 *
 * @param {string} one
 * @param {string} other
 * @returns {boolean}
 */
export function isSameTable(one, other) {
  return withoutLastColumn(one) === withoutLastColumn(other);
}

/** @param {[string, string][]} versions */
function list(versions) {
  return versions.map(([name, version]) => `${name} ${version}`).join(", ");
}

/**
 * @param {Test[]} tests
 * @returns {string[]}
 */
function checked(tests) {
  const groups = [...new Set(tests.map(({ ancestorTitles }) => ancestorTitles[1] ?? ""))];
  return groups.filter((group) =>
    tests
      .filter(({ ancestorTitles }) => ancestorTitles[1] === group)
      .every(({ status }) => status === "passed"),
  );
}

/** @param {string} table */
function withoutLastColumn(table) {
  return table
    .trim()
    .split("\n")
    .map((line) => line.replace(/[^|]*\|$/, ""))
    .join("\n");
}
