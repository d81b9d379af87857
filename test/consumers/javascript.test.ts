import { describe, expect, inject, it } from "vitest";
import { entryPoints, generatedFiles } from "./entry-points.js";
import { createProject } from "./project.js";
import { run } from "./run.js";
import { told } from "./told.js";
import { nodeVersions } from "./versions.js";

describe.each(nodeVersions)("a JavaScript project on Node %s", (version) => {
  it("uses every entry point", told("Node", version, "every entry point"), async () => {
    const node = inject("node")[version] ?? "";
    expect(await run(inject("full"), node, "--version")).toBe(`v${version}\n`);
    const project = createProject(
      inject("full"),
      { "program.js": "program.js" },
      { "package.json": { type: "module" } },
    );
    const output = await run(project, node, "program.js");
    expect(output.trim().split("\n").sort()).toEqual(entryPoints());
  });

  it("has one instance of each module, imported and required", async () => {
    const name = "compare-instances.cjs";
    const project = createProject(inject("full"), { [name]: name });
    const modules = [...entryPoints(), ...generatedFiles()];
    const output = await run(project, inject("node")[version] ?? "", name, ...modules);
    expect(output.trim().split("\n")).toEqual(modules);
  });
});
