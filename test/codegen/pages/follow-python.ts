import { writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { filesOf, readPage } from "../../docs/pages/page.js";
import { writeCodeBlock } from "../../support/code-block.js";
import { installed } from "../project.js";
import { environmentWith, folder, python, template } from "../python.js";
import { type PageProgram, runProgram } from "./page-program.js";

/** Starts a program of a page by its name. */
export type StartProgram = (program: string, env: NodeJS.ProcessEnv) => PageProgram;

/** Does what docs/python.md says. */
export async function followPython(): Promise<StartProgram> {
  const page = readPage("docs/python.md");
  const commands = page.blocks.filter(({ language }) => language === "sh").map(({ text }) => text);
  const [install = "", run = ""] = commands;
  await python.prepare();
  await python.generate(installed());
  const bin = await environmentWith([join(template(), "requirements.txt")], [install.trim()]);
  for (const [file, text] of filesOf(page)) await writeFile(join(folder(), file), text);
  await writeCodeBlock(template(), "data_converter", join(folder(), "converter.py"));
  return (program, env) => {
    const line = run.split("\n").find((line) => line.endsWith(program));
    if (line === undefined) throw new Error(`the page does not say how to run ${program}`);
    const PATH = [bin, process.env.PATH].join(delimiter);
    return runProgram(line, { cwd: folder(), env: { ...process.env, ...env, PATH } });
  };
}
