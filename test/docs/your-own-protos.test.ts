import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run } from "../buf-plugin/run.js";
import { filesOf, readPage, root } from "./pages/page.js";
import { envOfReader, openProjects, type Projects } from "./pages/project.js";

const page = readPage("docs/your-own-protos.md");
const proto = "proto/acme/orders/v1/order.proto";

let projects: Projects;
let project: string;
beforeAll(() => {
  projects = openProjects();
  project = projects.follow(page);
});
afterAll(() => projects?.remove());

const sh = (text: string) => run("sh", ["-c", text], { cwd: project, env: envOfReader() });

describe("the stubs of docs/your-own-protos.md", () => {
  test("are those of the reader's protos, and import ours from this package", () => {
    const generated = readdirSync(join(project, "gen"), { recursive: true }).map(String);
    const files = generated.filter((file) => file.endsWith(".ts"));
    expect(files).toEqual(["acme/orders/v1/order_pb.ts"]);
    const stubs = readFileSync(join(project, "gen/acme/orders/v1/order_pb.ts"), "utf8");
    expect(stubs).toContain(
      'from "@stigmer/apis/gen/ai/stigmer/agentic/workflowexecution/v1/api_pb.js"',
    );
  });

  test("compile for bundlers too", () => {
    const options = ["--noEmit", "--module", "esnext", "--moduleResolution", "bundler"];
    const tsc = join(root, "node_modules/.bin/tsc");
    expect(execFileSync(tsc, options, { cwd: project, encoding: "utf8" })).toBe("");
  });
});

describe("the buf.yaml of docs/your-own-protos.md", () => {
  const breaking =
    page.blocks.find(({ text }) => text.includes("npx buf breaking"))?.text ?? "no such block";

  beforeAll(async () => {
    writeFileSync(join(project, ".gitignore"), "/node_modules\n");
    await sh("git init --quiet --initial-branch=main && git add --all");
    await sh("git -c user.name=test -c user.email=test@example.com commit --quiet -m first");
  });

  const found = async (text: string) => {
    const { code, stdout } = await sh(text);
    const lines = stdout.toString().split("\n");
    return { code, findings: lines.filter((line) => /^\S+\.proto:/.test(line)) };
  };

  test("finds nothing in protos that are right, and nothing in ours", async () => {
    expect(await found("npx buf lint")).toEqual({ code: 0, findings: [] });
    expect(await found(`set -e\n${breaking}`)).toEqual({ code: 0, findings: [] });
  });

  test("shows what buf and the plugin find in the reader's protos alone", async () => {
    const text = filesOf(page).get(proto) ?? "";
    const wrong = text
      .replace(" [debug_redact = true]", "")
      .replace("}\n", "  bytes callback_token = 4;\n  int32 phaseOf = 5;\n}\n")
      .replace("string id", "int32 id");
    writeFileSync(join(project, proto), wrong);
    const isOfReader = (line: string) => line.startsWith(`${proto}:`);

    const lint = await found("npx buf lint");
    expect(lint.findings.filter((line) => !isOfReader(line))).toEqual([]);
    for (const text of ["debug_redact", "lower_snake_case"]) {
      expect(lint.findings.join("\n")).toContain(text);
    }
    const lost = await found(breaking.split("\n").slice(-2).join("\n"));
    expect(lost.findings.filter((line) => !isOfReader(line))).toEqual([]);
    for (const text of ["changed type", "has lost debug_redact"]) {
      expect(lost.findings.join("\n")).toContain(text);
    }
  });
});
