import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "../../scripts/buf.js";

it.each(["go", "python", "java"])(
  "the template with the rules is the other one of %s, which leaves them out",
  async (language) => {
    const read = async (name: string) => {
      const text = await readFile(join(root, "codegen", language, name), "utf8");
      return text.split("\n").filter((line) => !/^#/.test(line));
    };
    const without = await read("buf.gen.yaml");
    const leavesOut = (line: string) => line === "    exclude_types: [buf.validate]";
    expect(without.filter(leavesOut)).toHaveLength(
      without.filter((it) => /^ {4}out:/.test(it)).length,
    );
    expect(await read("buf.gen.rules.yaml")).toEqual(without.filter((line) => !leavesOut(line)));
  },
);
