import { lexer } from "marked";

/**
 * @typedef {import("marked").Token} Token
 *
 * @typedef {object} Entry
 * @property {readonly string[]} codes What stands in its code spans.
 * @property {string} text
 *
 * @typedef {object} Section
 * @property {string} text Without its heading.
 * @property {readonly Entry[]} breaking The entries of its Breaking part: list items and paragraphs.
 */

/**
 * The section of a version in a changelog, under a heading of the second level that begins with the
 * version; undefined when there is none, or nothing in it. The headings of Keep a Changelog, of
 * release-please and of standard-version will do.
 *
 * @param {string} changelog
 * @param {string} version
 * @returns {Section | undefined}
 */
export function sectionOf(changelog, version) {
  const tokens = lexer(changelog);
  const isHeading = (/** @type {Token} */ token) => token.type === "heading" && token.depth <= 2;
  const start = tokens.findIndex((token) => isHeading(token) && versionIn(token) === version);
  if (start === -1) return undefined;
  const rest = tokens.slice(start + 1);
  const end = rest.findIndex(isHeading);
  const section = rest.slice(0, end === -1 ? undefined : end);
  const text = section
    .map(({ raw }) => raw)
    .join("")
    .trim();
  return text === "" ? undefined : { text, breaking: breakingEntriesOf(section) };
}

/** @param {Token} heading */
function versionIn(heading) {
  return /^\[?v?(\d[^\s\]]*)/i.exec(plainText(heading))?.[1];
}

/** @param {readonly Token[]} section */
function breakingEntriesOf(section) {
  /** @type {Entry[]} */
  const entries = [];
  let isBreaking = false;
  for (const token of section) {
    if (token.type === "heading") isBreaking = /\bbreaking\b/i.test(plainText(token));
    else if (isBreaking && token.type !== "space") {
      const blocks = token.type === "list" ? token.items : [token];
      for (const block of blocks) entries.push({ codes: codesIn(block), text: block.raw });
    }
  }
  return entries;
}

/**
 * @param {Token} token
 * @returns {string}
 */
function plainText(token) {
  if ("tokens" in token && token.tokens) return token.tokens.map(plainText).join("");
  return "text" in token ? token.text : token.raw;
}

/**
 * @param {Token} token
 * @returns {string[]}
 */
function codesIn(token) {
  if (token.type === "codespan") return [token.text];
  const inner = token.type === "list" ? token.items : "tokens" in token ? (token.tokens ?? []) : [];
  return inner.flatMap(codesIn);
}
