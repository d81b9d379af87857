/**
 * The section of a version in a changelog in the Keep a Changelog format, without its heading;
 * undefined when there is none.
 *
 * @param {string} changelog
 * @param {string} version
 */
export function sectionOf(changelog, version) {
  return part(changelog, "## ", (title) => title.replace(/[[\]]/g, "").split(" ")[0] === version);
}

/**
 * The Breaking part of a version's section; undefined when there is none.
 *
 * @param {string} section
 */
export function breakingPartOf(section) {
  return part(section, "### ", (title) => /^breaking\b/i.test(title));
}

/**
 * @param {string} text
 * @param {string} mark
 * @param {(title: string) => boolean} isWanted
 */
function part(text, mark, isWanted) {
  const lines = text.split("\n");
  const start = lines.findIndex(
    (line) => line.startsWith(mark) && isWanted(line.slice(mark.length)),
  );
  if (start === -1) return undefined;
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => line.startsWith(mark));
  return rest
    .slice(0, end === -1 ? undefined : end)
    .join("\n")
    .trim();
}
