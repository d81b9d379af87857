import { mkdtemp, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { filesOf, readPage } from "../../docs/pages/page.js";
import { writeCodeBlock } from "../../support/code-block.js";
import { environmentWith, folder, python, template } from "../python.js";
import { run } from "../run.js";
import type { Followed } from "./handshakes.js";
import { runProgram } from "./page-program.js";

/** Does what docs/python.md says. */
export async function followPython(): Promise<
  Followed & {
    /** The lowest Python that all of the installed packages take. */
    lowestPython(): Promise<string>;
  }
> {
  const page = readPage("docs/python.md");
  const commands = page.blocks.filter(({ language }) => language === "sh").map(({ text }) => text);
  const [install = "", runs = ""] = commands;
  await python.prepare();
  const bin = await environmentWith([join(template(), "requirements.txt")], [install.trim()]);
  // The environment outlives this contract, so that the stubs are not installed into it but beside it.
  const stubs = await mkdtemp(join(folder(), "installed-"));
  const pip = ["-m", "pip", "--quiet", "--disable-pip-version-check", "install", "--no-deps"];
  await run([join(bin, "python3"), ...pip, "--target", stubs, template()], { folder: folder() });
  for (const [file, text] of filesOf(page)) await writeFile(join(folder(), file), text);
  await writeCodeBlock(template(), "data_converter", join(folder(), "converter.py"));
  return {
    start(program, env) {
      const line = runs.split("\n").find((line) => line.endsWith(program));
      if (line === undefined) throw new Error(`the page does not say how to run ${program}`);
      const PATH = [bin, process.env.PATH].join(delimiter);
      return runProgram(line, {
        cwd: folder(),
        env: { ...process.env, ...env, PATH, PYTHONPATH: stubs },
      });
    },
    lowestPython: async () =>
      (await run([join(bin, "python3"), "-c", lowest], { folder: folder() })).trim(),
  };
}

const lowest = `
from importlib.metadata import distributions
needs = [package.metadata["Requires-Python"] or ">=3" for package in distributions()]
lowest = max(tuple(map(int, need.split(",")[0].removeprefix(">=").split("."))) for need in needs)
print(".".join(map(str, lowest)))
`;
