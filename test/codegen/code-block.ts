import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Writes the one block of code in this language that stands in a folder's README to a file. */
export async function writeCodeBlock(
  folder: string,
  language: string,
  file: string,
): Promise<void> {
  const page = await readFile(join(folder, "README.md"), "utf8");
  const blocks = [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))];
  const [block, ...others] = blocks;
  if (block === undefined || others.length > 0) {
    throw new Error(`expected one block of ${language} in ${folder}, got ${blocks.length}`);
  }
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, block[1] ?? "");
}
