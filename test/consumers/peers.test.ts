import { describe, expect, inject, it } from "vitest";
import { entryPoints } from "./entry-points.js";
import { createProject } from "./project.js";
import { run } from "./run.js";

/** The peers that an entry point cannot do without. */
const needs: Readonly<Record<string, RegExp>> = {
  "@stigmer/apis/validation": /@bufbuild\/protovalidate/,
  "@stigmer/apis/connect": /@connectrpc\/connect/,
  "@stigmer/apis/testing": /@(?:connectrpc\/connect|bufbuild\/protovalidate)/,
  "@stigmer/apis/temporal": /@temporalio\/(?:activity|client|common)/,
  "@stigmer/apis/temporal/workflow": /@temporalio\/(?:common|workflow)/,
  "@stigmer/apis/temporal/payload-converter": /@temporalio\/common/,
};

describe("a project without Connect, Temporal and protovalidate", () => {
  it("imports what needs none of them, and else is told which package is missing", async () => {
    const entries = entryPoints();
    const program = `
      for (const entry of ${JSON.stringify(entries)}) {
        const load = import(entry).then(() => "imported", (error) => error.message);
        console.log((await load).split("\\n")[0]);
      }
    `;
    const project = createProject(inject("core"), {}, { "program.mjs": program });
    const answers = (await run(project, process.execPath, "program.mjs")).trim().split("\n");
    expect(answers).toHaveLength(entries.length);
    entries.forEach((entry, index) => {
      const need = needs[entry];
      const sentence = need && new RegExp(`^Cannot find package '${need.source}' imported from `);
      expect(answers[index], entry).toMatch(sentence ?? /^imported$/);
    });
  });
});
