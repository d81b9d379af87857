import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Writes the one block of code with this word in it that stands in a folder's README to a file. */
export async function writeCodeBlock(folder: string, word: string, file: string): Promise<void> {
  const page = await readFile(join(folder, "README.md"), "utf8");
  const blocks = [...page.matchAll(/^```.*\n([\s\S]*?)^```$/gm)].map(([, code = ""]) => code);
  const [block, ...others] = blocks.filter((code) => code.includes(word));
  if (block === undefined || others.length > 0) {
    throw new Error(`expected one block of code with ${word} in the README of ${folder}`);
  }
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, block);
}
