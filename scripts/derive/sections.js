import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../buf.js";

// A section of a page that is derived stands between `<!-- derived: NAME -->` and
// `<!-- /derived -->`, in README.md or on a page of docs/: whichever has it.

/** Whether the tests that measure what a section says are to write it, rather than to compare it. */
export const isDeriving = process.env.DERIVE === "write";

/**
 * A section as it is.
 *
 * @param {string} name
 */
export function readSection(name) {
  return find(name).section;
}

/**
 * The page that has a section, with another text between its marks.
 *
 * @param {string} name
 * @param {string} text
 * @returns {readonly [path: string, page: string]}
 */
export function withSection(name, text) {
  const { path, before, after } = find(name);
  return [path, `${before}${text}${after}`];
}

/**
 * Writes a section.
 *
 * @param {string} name
 * @param {string} text
 */
export function writeSection(name, text) {
  const [path, page] = withSection(name, text);
  writeFileSync(join(root, path), page);
}

/** @param {string} name */
function find(name) {
  const [start, end] = [`<!-- derived: ${name} -->\n`, "<!-- /derived -->"];
  const pages = readdirSync(join(root, "docs")).filter((file) => file.endsWith(".md"));
  const found = ["README.md", ...pages.sort().map((file) => `docs/${file}`)].flatMap((path) => {
    const [before, rest, ...more] = readFileSync(join(root, path), "utf8").split(start);
    if (rest === undefined) return [];
    // At 0 where the section is empty, as one is that was never written.
    const to = `\n${rest}`.indexOf(`\n${end}`);
    if (to < 0 || more.length > 0)
      throw new Error(`${path}: expected ${start.trim()} once, and ${end} after it`);
    const section = rest.slice(0, Math.max(to - 1, 0));
    return [{ path, section, before: `${before}${start}`, after: `\n${rest.slice(to)}` }];
  });
  const [one, ...others] = found;
  if (one === undefined || others.length > 0) {
    const pages = found.map(({ path }) => path).join(", ") || "none";
    throw new Error(`expected ${start.trim()} on one page of README.md and docs/, found ${pages}`);
  }
  return one;
}
