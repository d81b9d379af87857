import { cpSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { freePort } from "../support/free-port.js";
import { run } from "./run.js";
import { type Served, serve } from "./serve.js";
import { told } from "./told.js";
import { toolFile } from "./tools.js";
import { createUser, used, usedInWords } from "./uses.js";
import { toolVersions } from "./versions.js";

const { next: version = "" } = toolVersions;

describe("an app of Next", () => {
  let project: string;
  let served: Served;
  let address: string;

  beforeAll(async () => {
    // Its bundler follows no links out of the folder that has Next, so the project stands in it.
    project = createUser(inject("tools"), {});
    cpSync(fileURLToPath(new URL("projects/next", import.meta.url)), project, { recursive: true });
    for (const scope of ["@bufbuild", "@connectrpc", "@noble", "@stigmer"]) {
      const path = join("node_modules", scope);
      cpSync(join(inject("full"), path), join(project, path), { recursive: true });
    }
    const program = toolFile("next/dist/bin/next");
    await run(project, process.execPath, program, "build");
    const port = `${await freePort()}`;
    address = `http://127.0.0.1:${port}`;
    const args = ["start", "--hostname", "127.0.0.1", "--port", port];
    served = await serve(project, /Ready in/, {}, process.execPath, program, ...args);
  });

  afterAll(async () => {
    await served?.stop();
    if (project) rmSync(project, { recursive: true, force: true });
  });

  it(
    "has a page, whose code for browsers has no stub",
    told("Next", version, "a page"),
    async () => {
      expect(await (await fetch(address)).text()).toContain("<p>1,2,3</p>");
      const folder = join(project, ".next/static/chunks");
      const chunks = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
      const [chunk = "", ...others] = chunks.filter((text) => text.includes("WorkflowExecution"));
      expect(others).toEqual([]);
      expect(chunk.length).toBeLessThan(3_000);
    },
  );

  it("has a route", told("Next", version, `a route: ${usedInWords}`), async () => {
    expect(await (await fetch(`${address}/uses`)).json()).toEqual(used);
  });
});
