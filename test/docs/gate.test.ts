import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run } from "../buf-plugin/run.js";
import { type Checkout, createCheckout } from "../scripts/checkout.js";
import { filesOf, installsOf, readPage, root } from "./pages/page.js";
import { envOfReader, openProjects, type Projects } from "./pages/project.js";

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
    for (const path of [...sources, "tsconfig.plugin.json", "tsconfig.temporal.json"]) {
      cpSync(join(root, path), join(checkout.folder, path), { recursive: true });
    }
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
    const text = readFileSync(join(checkout.folder, spec), "utf8");
    const token = /^ +bytes callback_token = 7 (\[[^\]]*\]);$/m.exec(text);
    checkout.edit(spec, ` ${token?.[1]}`, "");
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

  beforeAll(async () => {
    projects = openProjects();
    project = projects.install(installsOf(page).flatMap(({ packages }) => packages));
    write("buf.yaml", filesOf(page).get("buf.yaml") ?? "");
    write(".gitignore", "/node_modules\n");
    write("proto/foreign/v1/foo.proto", foo(" [debug_redact = true]", "string phase = 1;"));
    await sh("git init --quiet --initial-branch=main && git add --all");
    await sh("git -c user.name=test -c user.email=test@example.com commit --quiet -m first");
  });
  afterAll(() => projects?.remove());

  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  };
  const foo = (redact: string, field: string) => `syntax = "proto3";

package foreign.v1;

message FooSpec {
  bytes callback_token = 1${redact};
}

message FooStatus {
  ${field}
}
`;
  const sh = (text: string) => run("sh", ["-c", text], { cwd: project, env: envOfReader() });

  test("the commands for CI find nothing in protos that are right", async () => {
    const { code, stdout, stderr } = await sh(`set -e\n${block("npx buf breaking")}`);
    expect({ code, stdout: stdout.toString(), stderr }).toEqual({
      code: 0,
      stdout: "",
      stderr: "",
    });
  });

  test("they show the plugin's findings beside buf's own", async () => {
    write("proto/foreign/v1/foo.proto", foo("", "int32 phaseOf = 1;"));
    const { code, stdout } = await sh(block("npx buf breaking"));
    expect(code).toBe(100);
    const annotations = stdout.toString();
    // From buf lint, then from buf breaking; of each one of buf's own and one of the plugin's.
    for (const text of [
      "lower_snake_case",
      "debug_redact",
      "changed type",
      "has lost debug_redact",
    ]) {
      expect(annotations).toContain(text);
    }
    expect(annotations).toMatch(/^::error file=proto\/foreign\/v1\/foo\.proto,line=6,/m);
  });
});
