import { cpSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBaseline } from "../../scripts/gate/baseline.js";
import { run } from "../buf-plugin/run.js";
import { type Checkout, createCheckout } from "../scripts/checkout.js";
import {
  breakingOfBreaking,
  breakingOfWrong,
  type Change,
  lintOfWrong,
  openForeign,
} from "./pages/foreign-protos.js";
import { filesOf, installsOf, readPage, root, spansOf } from "./pages/page.js";
import { envOfReader, openProjects, type Projects } from "./pages/project.js";
import type { Files } from "./pages/pull-request.js";
import { runWorkflow, scriptOf } from "./pages/workflow.js";
import { registryAvailable, startRegistry } from "./walkthrough/registry.js";

const page = readPage("docs/gate.md");

/** Gives a block of shell of the page to a shell as it stands. */
const block = (line: string): string => {
  const found = page.blocks.find(({ language, text }) => language === "sh" && text.includes(line));
  return found?.text ?? `echo 'docs/gate.md has no block with ${line}' >&2; false`;
};

describe("docs/gate.md in a checkout", () => {
  let checkout: Checkout;
  beforeAll(() => {
    checkout = createCheckout();
    const sources = ["src", "tsconfig.json", "tsconfig.build.json"];
    const builds = ["cjs", "plugin", "temporal"].map((name) => `tsconfig.${name}.json`);
    for (const path of [...sources, ...builds]) {
      cpSync(join(root, path), join(checkout.folder, path), { recursive: true });
    }
    // As it was released: what has changed since wants another version.
    const build = ["buf", "build", "apis", "--exclude-source-info", "--output"];
    checkout.run("npx", ...build, findBaseline().path);
    checkout.run("git", "init", "--quiet");
    writeFileSync(join(checkout.folder, ".gitignore"), "/dist\n/node_modules\n");
    checkout.run("git", "add", "--all");
    const identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
    checkout.run("git", ...identity, "commit", "--quiet", "--message", "all");
  });
  afterAll(() => checkout?.remove());

  test("shows what a release would contain", () => {
    const { stdout } = checkout.run("sh", "-c", block("npm run release -- --dry-run"));
    expect(stdout).toContain("Dry run: nothing was written.");
  });

  test("shows the output of a finding", () => {
    const gate = block("npm run gate -- breaking");
    expect(checkout.run("sh", "-c", gate)).toMatchObject({ status: 0 });
    const spec = "apis/ai/stigmer/agentic/workflowexecution/v1/spec.proto";
    checkout.edit(spec, "debug_redact = true,\n    ", "");
    const { status, stdout } = checkout.run("sh", "-c", gate);
    expect(status).toBe(1);
    const [shown] = page.blocks.filter(({ language }) => language === "text");
    // An ellipsis stands for the rest of a line.
    const pattern = (shown?.text ?? "")
      .split(/ ?\.\.\.\n/)
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    expect(stdout).toMatch(new RegExp(pattern.join("[^\\n]*\\n")));
  });
});

describe("docs/gate.md in a repository of somebody's own", () => {
  let projects: Projects;
  let project: string;
  let stopRegistry: (() => Promise<void>) | undefined;
  const yaml = filesOf(page).get("buf.yaml") ?? "";

  beforeAll(() => {
    projects = openProjects();
    project = projects.install(installsOf(page).flatMap(({ packages }) => packages));
  });
  afterAll(async () => {
    await stopRegistry?.();
    projects?.remove();
  });

  const open = (change: Change, base: Files, protos?: string) =>
    openForeign(project, change, base, protos);
  const lend = (checkout: string) => {
    symlinkSync(join(project, "node_modules"), join(checkout, "node_modules"));
    return checkout;
  };
  const sh = async (cwd: string, text: string, env = envOfReader()) => {
    const { code, stdout, stderr } = await run("sh", ["-c", text], { cwd, env });
    return { code, stdout: stdout.toString(), stderr };
  };
  const nothing = { code: 0, stdout: "", stderr: "" };

  describe("the commands", () => {
    test("find nothing in protos that are right", async () => {
      const { github, gitlab } = open("right", { "buf.yaml": yaml });
      const commands = `set -e\n${block("npx buf breaking --against")}`;
      for (const checkout of [github(), gitlab()]) {
        expect(await sh(lend(checkout), commands)).toEqual(nothing);
      }
    });

    test("show the plugin's findings beside buf's own", async () => {
      const checkout = lend(open("wrong", { "buf.yaml": yaml }).github());
      const { code, stdout } = await sh(checkout, block("npx buf breaking --against"));
      expect(code).toBe(100);
      for (const text of [...lintOfWrong, ...breakingOfWrong]) expect(stdout).toContain(text);
    });

    test("fail without the history, and with a branch that is not there", async () => {
      const checkout = lend(open("right", { "buf.yaml": yaml }).github());
      const [branch = ""] = /\.git#branch=main/.exec(page.text) ?? [];
      expect(await sh(checkout, `npx buf breaking --against "${branch}"`)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("couldn't find remote ref main"),
      });
      expect(await sh(checkout, "git update-ref -d refs/remotes/origin/main")).toEqual(nothing);
      const [, breaking = ""] = block("npx buf breaking --against").split("\n");
      expect(await sh(checkout, breaking)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("Not a valid object name origin/main"),
      });
    });

    test("need version v2", async () => {
      const checkout = lend(open("right", { "buf.yaml": yaml.replace("v2", "v1") }).github());
      expect(await sh(checkout, "npx buf lint")).toMatchObject({ code: 1, stdout: "" });
    });
  });

  describe("a monorepo", () => {
    test("with several modules is read by one buf.yaml", async () => {
      const modules = "  - path: packages/a\n  - path: packages/b\n";
      const several = {
        "buf.yaml": yaml.replace("  - path: proto\n", modules),
        "packages/b/other/v1/other.proto":
          'syntax = "proto3";\n\npackage other.v1;\n\nimport "foreign/v1/foo.proto";\n\nmessage Other {\n  foreign.v1.FooSpec specOf = 1;\n}\n',
      };
      const checkout = lend(open("wrong", several, "packages/a").github());
      const { code, stdout } = await sh(checkout, block("npx buf breaking --against"));
      expect(code).toBe(100);
      for (const text of [...lintOfWrong, ...breakingOfWrong]) expect(stdout).toContain(text);
      expect(stdout).toMatch(/^packages\/a\/foreign\/v1\/foo\.proto:6:/m);
      expect(stdout).toMatch(/^packages\/b\/other\/v1\/other\.proto:8:/m);
    });

    const ofFolder = block("npx buf breaking packages/protos");

    test("with a buf.yaml in a folder has findings with paths from the root", async () => {
      const base = { "packages/protos/buf.yaml": yaml };
      const checkout = lend(open("wrong", base, "packages/protos/proto").github());
      const { code, stdout } = await sh(checkout, ofFolder);
      expect(code).toBe(100);
      for (const text of [...lintOfWrong, ...breakingOfWrong]) expect(stdout).toContain(text);
      for (const line of stdout.trimEnd().split("\n")) {
        expect(line).toMatch(/^packages\/protos\/proto\/foreign\/v1\/foo\.proto:/);
      }
    });

    test("with a buf.yaml in a folder has no findings in protos that are right", async () => {
      const base = { "packages/protos/buf.yaml": yaml };
      const checkout = lend(open("right", base, "packages/protos/proto").gitlab());
      expect(await sh(checkout, `set -e\n${ofFolder}`)).toEqual(nothing);
    });
  });

  describe("buf on the PATH, without npx", () => {
    const commands = block("npx buf breaking --against").replaceAll("npx buf", "buf");
    let env: NodeJS.ProcessEnv;
    beforeAll(() => {
      const programs = mkdtempSync(join(project, "programs-"));
      symlinkSync(join(root, "node_modules/@bufbuild/buf/bin/buf"), join(programs, "buf"));
      env = { ...envOfReader(), PATH: `${programs}${delimiter}${envOfReader().PATH}` };
    });

    test("says that the plugin is missing", async () => {
      const checkout = lend(open("wrong", { "buf.yaml": yaml }).github());
      const stderr = page.blocks.filter(({ language }) => language === "text")[1]?.text;
      for (const command of commands.trimEnd().split("\n")) {
        expect(await sh(checkout, command, env)).toEqual({ code: 1, stdout: "", stderr });
      }
    });

    test.each(spansOf(page, "Where buf finds the plugin"))("finds it by %s", async (plugin) => {
      const named = yaml.replace("plugin: buf-plugin-stigmer", plugin);
      expect(named).not.toBe(yaml);
      const checkout = lend(open("wrong", { "buf.yaml": named }).github());
      const { code, stdout } = await sh(checkout, commands, env);
      expect(code).toBe(100);
      for (const text of [...lintOfWrong, ...breakingOfWrong]) expect(stdout).toContain(text);
      // From the folder in which buf is started.
      const elsewhere = await sh(join(checkout, "proto"), "buf lint ..", env);
      expect(elsewhere).toMatchObject({ code: 1, stdout: "" });
    });

    test("finds it from a script of npm", async () => {
      const scripts = { protos: "buf lint" };
      const manifest = { "package.json": JSON.stringify({ scripts }), "buf.yaml": yaml };
      const checkout = lend(open("wrong", manifest).github());
      const { code, stdout } = await sh(checkout, "npm run --silent protos", env);
      expect(code).toBe(100);
      for (const text of lintOfWrong) expect(stdout).toContain(text);
    });

    test("has two ways to be told where the plugin is", () => {
      expect(spansOf(page, "Where buf finds the plugin")).toHaveLength(2);
    });
  });

  describe("in CI", { skip: !registryAvailable() }, () => {
    const github = filesOf(page).get(".github/workflows/protos.yaml") ?? "";
    const gitlab = filesOf(page).get(".gitlab-ci.yml") ?? "";
    let env: NodeJS.ProcessEnv;
    let base: Files;

    beforeAll(async () => {
      const registry = await startRegistry(mkdtempSync(join(project, "registry-")));
      stopRegistry = registry.stop;
      env = { ...envOfReader(), ...registry.env, npm_config_prefer_offline: "true" };
      const folder = mkdtempSync(join(projects.install([]), "npm-"));
      for (const { line } of installsOf(page)) {
        expect(await sh(folder, line, env)).toMatchObject({ code: 0 });
      }
      const read = (name: string) => [name, readFileSync(join(folder, name), "utf8")];
      const files = Object.fromEntries(["package.json", "package-lock.json"].map(read));
      base = { ...files, "buf.yaml": yaml };
    });

    test("the workflow checks out the history", () => {
      expect(github).toContain("fetch-depth: 0");
      expect(gitlab).toContain("GIT_DEPTH: 0");
    });

    test("the workflow for GitHub passes protos that are right", async () => {
      const results = await runWorkflow(github, open("right", base).github(), env);
      expect(results.map(({ code }) => code)).toEqual([0, 0, 0]);
    });

    test("the workflow for GitHub shows each finding at its line, of both commands", async () => {
      const results = await runWorkflow(github, open("wrong", base).github(), env);
      expect(results.map(({ code }) => code)).toEqual([0, 100, 100]);
      const [, lint = "", breaking = ""] = results.map(({ stdout }) => stdout);
      for (const text of lintOfWrong) expect(lint).toContain(text);
      for (const text of breakingOfWrong) expect(breaking).toContain(text);
      for (const line of `${lint}${breaking}`.trimEnd().split("\n")) {
        expect(line).toMatch(/^::error file=proto\/foreign\/v1\/foo\.proto,line=\d+,/);
      }
    });

    test("the job for GitLab passes protos that are right", async () => {
      const job = `set -e\n${scriptOf(gitlab)}`;
      expect(await sh(open("right", base).gitlab(), job, env)).toMatchObject({ code: 0 });
    });

    test("the job for GitLab shows what a change breaks", async () => {
      const job = `set -e\n${scriptOf(gitlab)}`;
      const { code, stdout } = await sh(open("breaking", base).gitlab(), job, env);
      expect(code).toBe(100);
      for (const text of breakingOfBreaking) expect(stdout).toContain(text);
      for (const path of stdout.match(/^\S+\.proto:/gm) ?? []) {
        expect(path).toBe("proto/foreign/v1/foo.proto:");
      }
    });
  });
});
