import { build } from "esbuild";
import { describe, expect, inject, it } from "vitest";
import { run } from "./run.js";
import { serve } from "./serve.js";
import { told } from "./told.js";
import { toolBinary, toolFile } from "./tools.js";
import { createUser, used, usedInWords } from "./uses.js";
import { toolVersions } from "./versions.js";

const { bun = "", deno = "", workerd = "" } = toolVersions;

describe("a project", () => {
  it("runs on Bun", told("Bun", bun, usedInWords), async () => {
    const program = toolBinary(toolFile("@oven"), "bin/bun");
    expect((await run(inject("full"), program, "--version")).trim()).toBe(bun);
    const project = createUser(inject("full"), { "main.js": "main.js" });
    expect(JSON.parse(await run(project, program, "main.js"))).toEqual(used);
  });

  it(
    "runs on Deno, allowed to reach the server alone",
    told("Deno", deno, usedInWords),
    async () => {
      const program = toolBinary(toolFile("@deno"), "deno");
      expect(await run(inject("full"), program, "--version")).toContain(`deno ${deno} `);
      const project = createUser(inject("full"), { "main.js": "main.js" });
      const options = ["--no-prompt", `--allow-net=${new URL(inject("server")).host}`];
      expect(JSON.parse(await run(project, program, "run", ...options, "main.js"))).toEqual(used);
    },
  );

  it("runs on workerd", told("workerd", workerd, usedInWords), async () => {
    const program = toolBinary(toolFile("@cloudflare"), "bin/workerd");
    const [, date = ""] = workerd.split(".");
    const dashed = date.replace(/(....)(..)(..)/, "$1-$2-$3");
    expect((await run(inject("full"), program, "--version")).trim()).toBe(`workerd ${dashed}`);
    const copies = { "worker.js": "worker.js", "worker.capnp": "worker.capnp" };
    const project = createUser(inject("full"), copies);
    await build({
      absWorkingDir: project,
      entryPoints: ["worker.js"],
      bundle: true,
      format: "esm",
      outfile: "bundle.js",
      logLevel: "error",
    });
    // It tells its port at this descriptor.
    const args = ["serve", "worker.capnp", "--control-fd=3"];
    const { said, stop } = await serve(project, /"port":(\d+)/, {}, program, ...args);
    try {
      expect(await (await fetch(`http://127.0.0.1:${said[1]}`)).json()).toEqual(used);
    } finally {
      await stop();
    }
  });
});
