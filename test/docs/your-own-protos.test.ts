import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run } from "../buf-plugin/run.js";
import { filesOf, readPage, root } from "./pages/page.js";
import { envOfReader, openProjects, type Projects } from "./pages/project.js";
import { openPullRequest } from "./pages/pull-request.js";

const page = readPage("docs/your-own-protos.md");
const proto = "proto/acme/orders/v1/order.proto";

let projects: Projects;
let project: string;
beforeAll(() => {
  projects = openProjects();
  project = projects.follow(page);
});
afterAll(() => projects?.remove());

const sh = (text: string, cwd: string) => run("sh", ["-c", text], { cwd, env: envOfReader() });

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
  const right = filesOf(page).get(proto) ?? "";
  const wrong = right
    .replace(" [debug_redact = true]", "")
    .replace("}\n", "  bytes callback_token = 4;\n  int32 phaseOf = 5;\n}\n")
    .replace("string id", "int32 id");

  const open = (change: string) => {
    const base = {
      "buf.yaml": filesOf(page).get("buf.yaml") ?? "",
      ".gitignore": "/node_modules\n",
      [proto]: right,
    };
    const later = (note: string) => ({
      [proto]: right.replace("message GetOrderRequest {\n", (line) => `${line}  ${note}\n`),
    });
    return openPullRequest(project, {
      base,
      change: { [proto]: change },
      main: [{ "NOTES.md": "More.\n" }, later("string note = 2;")],
    });
  };
  const found = async (checkout: string, text: string) => {
    const { code, stdout } = await sh(text, checkout);
    const lines = stdout.toString().split("\n");
    return { code, findings: lines.filter((line) => /^\S+\.proto:/.test(line)) };
  };
  const lend = (checkout: string) => {
    symlinkSync(join(project, "node_modules"), join(checkout, "node_modules"));
    return checkout;
  };

  test.each(["github", "gitlab"] as const)(
    "finds nothing in protos that are right, and nothing in ours, as %s checks them out",
    async (host) => {
      const checkout = lend(open(`${right}\nmessage More {}\n`)[host]());
      expect(await found(checkout, "npx buf lint")).toEqual({ code: 0, findings: [] });
      expect(await found(checkout, `set -e\n${breaking}`)).toEqual({ code: 0, findings: [] });
    },
  );

  test("shows what buf and the plugin find in the reader's protos alone", async () => {
    const checkout = lend(open(wrong).github());
    const isOfReader = (line: string) => line.startsWith(`${proto}:`);

    const lint = await found(checkout, "npx buf lint");
    expect(lint.findings.filter((line) => !isOfReader(line))).toEqual([]);
    for (const text of ["debug_redact", "lower_snake_case"]) {
      expect(lint.findings.join("\n")).toContain(text);
    }
    const lost = await found(checkout, breaking);
    expect(lost.findings.filter((line) => !isOfReader(line))).toEqual([]);
    for (const text of ["changed type", "has lost debug_redact"]) {
      expect(lost.findings.join("\n")).toContain(text);
    }
  });
});
