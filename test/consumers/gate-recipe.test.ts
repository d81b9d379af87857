import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { breakingOfWrong, lintOfWrong, openForeign } from "../docs/pages/foreign-protos.js";
import { filesOf, readPage, spansOf } from "../docs/pages/page.js";
import { envOfReader } from "../docs/pages/project.js";
import { type Files, writeFiles } from "../docs/pages/pull-request.js";
import { runWorkflow } from "../docs/pages/workflow.js";
import { cached } from "./cached.js";
import { run } from "./run.js";

// docs/gate.md for those who use another package manager than npm: with the commands of its table.

const page = readPage("docs/gate.md");
const yaml = filesOf(page).get("buf.yaml") ?? "";
const workflow = filesOf(page).get(".github/workflows/protos.yaml") ?? "";
const table = spansOf(page, "pnpm and Yarn");
const ownProtos = readPage("docs/your-own-protos.md");

const tarball = "stigmer-apis.tgz";

const managers = [
  {
    name: "pnpm",
    column: 1,
    programs: async () => join(await cached("pnpm", "pnpm", "12.21.0"), "../.bin"),
    lock: ["pnpm-lock.yaml", "pnpm-workspace.yaml"],
    forProtos: {},
  },
  {
    name: "Yarn",
    column: 2,
    programs: async () =>
      join(await cached("yarnpkg", "@yarnpkg/cli-dist", "4.18.1"), "../../.bin"),
    lock: ["yarn.lock"],
    forProtos: { ".yarnrc.yml": settingOf(/`(nodeLinker: .+?)`/) },
  },
] as const;

describe.each(managers)("with $name", ({ column, programs, lock, forProtos }) => {
  const [install = "", frozen = "", buf = ""] = table.map((row) => row[column]);
  let folder: string;
  let project: string;
  let env: NodeJS.ProcessEnv;

  const sh = (text: string) => run(project, "env", ...variables(env), "sh", "-c", text);

  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "stigmer-recipe-")));
    project = join(folder, "project");
    mkdirSync(project);
    const registry = (await run(folder, "npm", "config", "get", "registry")).trim();
    const reader = envOfReader();
    env = {
      ...reader,
      PATH: `${await programs()}${delimiter}${reader.PATH}`,
      // It does not read npm's settings.
      YARN_NPM_REGISTRY_SERVER: registry,
      YARN_ENABLE_TELEMETRY: "0",
    };
    copyFileSync(inject("tarball"), join(project, tarball));
    writeFiles(project, { "package.json": '{ "private": true }' });
    await sh(install.replace(/@stigmer\/apis$/, `$&@file:./${tarball}`));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const runIn = (change: "right" | "wrong") => {
    const names = ["package.json", tarball, ...lock];
    const files = names.map((name) => [name, readFileSync(join(project, name))]);
    const base: Files = { ...Object.fromEntries(files), "buf.yaml": yaml };
    const checkout = openForeign(folder, change, base).github();
    const own = workflow.replaceAll("npm ci", frozen).replaceAll("npx buf", buf);
    expect(own).not.toMatch(/npm ci|npx/);
    return runWorkflow(own, checkout, env);
  };

  it("the workflow passes protos that are right", async () => {
    expect((await runIn("right")).map(({ code }) => code)).toEqual([0, 0, 0]);
  });

  it("the workflow shows what is wrong", async () => {
    const results = await runIn("wrong");
    expect(results.map(({ code }) => code)).toEqual([0, 100, 100]);
    const [, lint = "", breaking = ""] = results.map(({ stdout }) => stdout);
    for (const text of lintOfWrong) expect(lint).toContain(text);
    for (const text of breakingOfWrong) expect(breaking).toContain(text);
  });

  it("buf reads protos that import ours", async () => {
    const files = [...filesOf(ownProtos)].filter(([name]) => /^buf\.yaml$|\.proto$/.test(name));
    expect(files.length).toBeGreaterThan(1);
    writeFiles(project, { ...Object.fromEntries(files), ...forProtos });
    await sh(frozen);
    await sh(`${buf} lint`);
  });
});

/** What the page on protos that import ours says to set. */
function settingOf(pattern: RegExp): string {
  const [, setting] = pattern.exec(ownProtos.text) ?? [];
  if (setting === undefined) throw new Error(`${ownProtos.path}: expected ${pattern}`);
  return `${setting}\n`;
}

function variables(env: NodeJS.ProcessEnv): string[] {
  return Object.entries(env).map(([name, value]) => `${name}=${value}`);
}
