import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { root } from "../../scripts/buf.js";
import { filesOf, readPage } from "../docs/pages/page.js";
import { project } from "./project.js";

export interface Reader {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Gives blocks of shell of the README, each with these words in it, to one shell as they stand. */
  follow(...words: string[]): Promise<string>;
}

const followed = new Set<string>();

/**
 * Somebody with these services in a folder of their own, in which stand the files of a language's
 * README. Nothing of this checkout is on their PATH.
 */
export async function newReader(
  language: string,
  env: Readonly<Record<string, string>>,
  path: readonly string[] = [],
): Promise<Reader> {
  const page = readPage(readmeOf(language));
  const folder = await mkdtemp(join(project(), `${language}-`));
  await cp(join(root, "test/codegen/services", language), folder, { recursive: true });
  // Or else npm installs into the project of these tests, which is above.
  await writeFile(join(folder, "package.json"), "{}");
  for (const [name, text] of filesOf(page)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  const folders = (process.env.PATH ?? "").split(delimiter);
  const PATH = [...path, ...folders.filter((name) => !name.includes("node_modules"))];

  async function follow(...words: string[]): Promise<string> {
    const blocks = words.map((word) => {
      const found = page.blocks.filter(({ language, text }) => {
        return language === "sh" && text.includes(word);
      });
      if (found.length !== 1) throw new Error(`${page.path}: expected one block with ${word}`);
      return found[0]?.text ?? "";
    });
    for (const block of blocks) followed.add(block);
    const options = { cwd: folder, env: { ...process.env, ...env, PATH: PATH.join(delimiter) } };
    try {
      return (await promisify(execFile)("sh", ["-ec", blocks.join("")], options)).stdout;
    } catch (error) {
      const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
      throw new Error(`${blocks.join("")}\n${stdout}${stderr}`, { cause: error });
    }
  }

  return { folder, env, follow };
}

/** The blocks of shell of a language's README that no reader has followed. */
export function leftOut(language: string): string[] {
  const { blocks } = readPage(readmeOf(language));
  const shell = blocks.filter(({ language }) => language === "sh").map(({ text }) => text);
  return shell.filter((text) => !followed.has(text));
}

const readmeOf = (language: string) => `codegen/${language}/README.md`;
