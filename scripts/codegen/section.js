const [start, end] = ["<!-- codegen:start -->\n", "\n<!-- codegen:end -->"];

/**
 * The part of a text between its two marks.
 *
 * @param {string} text
 * @returns {string}
 */
export function readSection(text) {
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < 0)
    throw new Error("no lines <!-- codegen:start --> and <!-- codegen:end -->");
  return text.slice(from + start.length, to);
}

/**
 * The text with another part between its two marks.
 *
 * @param {string} text
 * @param {string} section
 * @returns {string}
 */
export function replaceSection(text, section) {
  return text.replace(start + readSection(text) + end, () => start + section + end);
}
