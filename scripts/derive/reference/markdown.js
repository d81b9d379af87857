import { posix } from "node:path";

/**
 * A place in the reference: a page, by its path below docs/reference, and an anchor on it.
 *
 * @typedef {{ readonly page: string, readonly anchor?: string }} Place
 */

/**
 * The address of a place, as a page of the reference links to it.
 *
 * @param {string} page
 * @param {Place} place
 */
export function addressOf(page, { page: target, anchor }) {
  const hash = anchor === undefined ? "" : `#${anchor}`;
  return target === page && hash ? hash : `${posix.relative(posix.dirname(page), target)}${hash}`;
}

/**
 * The anchor that a code host gives a heading.
 *
 * @param {string} heading
 */
export function anchorOf(heading) {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");
}

/**
 * The first sentence of a text, for an overview. Empty for a text that begins with a list.
 *
 * @param {string} text
 */
export function firstSentence(text) {
  const [paragraph = ""] = text.split("\n\n");
  if (paragraph.startsWith("- ")) return "";
  const [sentence = paragraph] = /^.*?(?<!\be\.g)[.:](?=\s|$)/.exec(oneLine(paragraph)) ?? [
    oneLine(paragraph),
  ];
  return sentence.replace(/:$/, ".");
}

/** @param {string} text */
export function oneLine(text) {
  return text.replace(/\s*\n\s*/g, " ");
}

/**
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
export function table(head, rows) {
  const line = (/** @type {readonly string[]} */ cells) =>
    `| ${cells.map((cell) => oneLine(cell).replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/**
 * An item of a list, whose text may have several paragraphs.
 *
 * @param {string} text
 */
export function listItem(text) {
  return `- ${text.replaceAll(/\n(?=.)/g, "\n  ")}`;
}

/**
 * @param {string} language
 * @param {string} code
 */
export function codeBlock(language, code) {
  return `\`\`\`${language}\n${code.trimEnd()}\n\`\`\``;
}

/**
 * Applies `change` to the prose of a text and keeps its indented code.
 *
 * @param {string} text
 * @param {(prose: string) => string} change
 */
export function mapProse(text, change) {
  return text
    .split("\n\n")
    .map((paragraph) => (paragraph.startsWith("    ") ? paragraph : change(paragraph)))
    .join("\n\n");
}

/** The first page of the reference. */
export const indexPath = "README.md";

/** Where a reader of a page finds the others. @param {string} page */
export function upLink(page) {
  return `Part of the [reference](${addressOf(page, { page: indexPath })}).`;
}

/**
 * A page of its parts, of which the empty ones are left out.
 *
 * @param {readonly string[]} parts
 */
export function page(parts) {
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}
