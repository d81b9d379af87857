import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../..", import.meta.url));

/** A block of a page, between its fences. */
export interface Block {
  readonly language: string;
  readonly text: string;
  /** The file that the page says to write it to, as in "`main.ts`:" or "`main.ts`, continued:". */
  readonly file: string | undefined;
  readonly isContinued: boolean;
}

export interface Page {
  /** Relative to the repository. */
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
}

/** README and the pages of docs/, but not the reference, which is written by a script. */
export const pagePaths: readonly string[] = [
  "README.md",
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`)
    .sort(),
];

/** Followed step by step, as one whole, by a test of its own. */
export const walked = "docs/getting-started.md";
/** Followed by test/consumers/commonjs.test.ts, as its tools come from the registry. */
const ofConsumers = "docs/commonjs.md";
/** The pages whose blocks are run one by one. */
export const readPages = (): Page[] =>
  pagePaths.filter((path) => ![walked, ofConsumers].includes(path)).map(readPage);

export function readPage(path: string): Page {
  return pageOf(path, readFileSync(join(root, path), "utf8"));
}

/** What stands below one heading of a page, up to the next one of any level. */
export function sectionOf({ path, text }: Page, heading: string): Page {
  const sections = text.split(/^#+ /m);
  const section = sections.find((part) => part.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`${path}: expected a section ${heading}`);
  return pageOf(`${path}, ${heading}`, section);
}

function pageOf(path: string, text: string): Page {
  const found = [...text.matchAll(/^(.*)\n\n```(.*)\n([\s\S]*?)^```$/gm)];
  if (found.length * 2 !== (text.match(/^```/gm) ?? []).length) {
    throw new Error(`${path}: expected a line of text and a blank line above each block`);
  }
  const blocks = found.map(([, above = "", language = "", code = ""]): Block => {
    const [, file, continued] = /^`([^`\s]+)`(, continued)?:$/.exec(above) ?? [];
    return { language, text: code, file, isContinued: continued !== undefined };
  });
  return { path, text, blocks };
}

/**
 * What a reader has in their folder who has followed a page. The blocks of one file stand one after
 * the other; TypeScript without a file's name is a file of its own.
 */
export function filesOf({ path, blocks }: Page): Map<string, string> {
  const files = new Map<string, string>();
  let unnamed = 0;
  for (const { language, text, file, isContinued } of blocks) {
    if (file === undefined) {
      if (language === "ts") files.set(`block-${++unnamed}.ts`, text);
      continue;
    }
    const before = files.get(file);
    if (isContinued !== (before !== undefined)) {
      throw new Error(`${path}: expected "continued" for what goes on only: ${file}`);
    }
    files.set(file, before === undefined ? text : `${before}\n${text}`);
  }
  return files;
}

/** What a program says that it prints. */
export function promised(code: string): string {
  return [...code.matchAll(/\/\/ => (.*)\n/g)].map(([, line]) => `${line}\n`).join("");
}

/** A page's commands of `npm install`, each with the packages that it names, without their versions. */
export function installsOf({ blocks }: Page): { line: string; packages: string[] }[] {
  return blocks
    .filter(({ language }) => language === "sh")
    .flatMap(({ text }) => [...text.matchAll(/^npm install (.+)$/gm)])
    .map(([line, words = ""]) => ({
      line,
      packages: words
        .split(" ")
        .filter((word) => !word.startsWith("--"))
        .map((word) => word.replace(/(?<=.)@[\d.]+$/, "")),
    }));
}

/** What code imports of packages, or requires, or resolves. */
export function specifiersOf(code: string): string[] {
  const found = code.matchAll(/(?: from |^import |(?:require|resolve|path)\(\s*)"([^"]+)"/gm);
  return [...found].map(([, name = ""]) => name).filter((name) => !/^(?:\.|node:)/.test(name));
}

/** The packages of these. */
export function importsOf(code: string): string[] {
  const packages = specifiersOf(code).map((name) => /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? "");
  return [...new Set(packages)].sort();
}

/** The text of a page, without its blocks. */
export function withoutBlocks(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```$/gm, "");
}

/** The table of a page under a heading: the code spans of each of its rows. */
export function spansOf({ text }: Page, heading: string): string[][] {
  const [, after = ""] = text.split(`\n### ${heading}\n`);
  const [section = ""] = after.split("\n##");
  const rows = [...section.matchAll(/^\| (`.+) \|$/gm)];
  return rows.map(([, row = ""]) => [...row.matchAll(/`([^`]+)`/g)].map(([, span = ""]) => span));
}
