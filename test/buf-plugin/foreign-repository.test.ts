import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { rules } from "../../src/buf-plugin/rules/index.js";
import { packInto } from "../support/pack.js";
import { type Result, run } from "./run.js";

let project: string;

// What a rule to come finds is not looked at here.
const wanted = ["STIGMER_CALLBACK_TOKEN_IN_SPEC", "STIGMER_REDACTION_KEPT"];
const others = (type: string) =>
  JSON.stringify(
    rules.filter((rule) => rule.type === type && !wanted.includes(rule.id)).map(({ id }) => id),
  );

// What a user does: install the tarball and buf from the registry, and write a buf.yaml.
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "stigmer-foreign-"));
  const tarball = packInto(project);
  write("package.json", '{"private":true,"type":"module"}');
  const buf = `@bufbuild/buf@${manifest.devDependencies["@bufbuild/buf"]}`;
  const quiet = ["--no-audit", "--no-fund", "--prefer-offline", "--silent"];
  execFileSync("npm", ["install", tarball, buf, ...quiet], { cwd: project, stdio: "pipe" });
  const yaml = `version: v2
modules:
  - path: proto
plugins:
  - plugin: buf-plugin-stigmer
lint:
  use:
    - STIGMER
  except: ${others("lint")}
breaking:
  use:
    - STIGMER
  except: ${others("breaking")}
`;
  write("buf.yaml", yaml);
  execFileSync("mkdir", [join(project, "proto")]);
  write("proto/foo.proto", foo("bytes callback_token = 2 [debug_redact = true];"));
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

function write(path: string, content: string): void {
  writeFileSync(join(project, path), content);
}

function foo(field: string, redact = " [debug_redact = true]"): string {
  return `syntax = "proto3";
package foreign.v1;
message FooSpec {
  string password = 1${redact};
}
message FooStatus {
  string phase = 1;
  ${field}
}
`;
}

function buf(...args: string[]): Promise<Result> {
  // Nothing of this checkout is on the PATH.
  const PATH = (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => !folder.includes("node_modules"))
    .join(delimiter);
  return run("npx", ["--no-install", "buf", ...args], { cwd: project, env: { PATH } });
}

test("buf lint in a project that installed the tarball shows a finding of the plugin", async () => {
  const { code, stdout, stderr } = await buf("lint");
  expect(stderr).not.toContain("Failure");
  expect(stdout.toString()).toMatch(
    /^proto\/foo\.proto:8:3:Field "callback_token" must not be on message "FooStatus".*\n$/,
  );
  expect(code).toBe(100);
});

test("a comment in the proto silences the finding", async () => {
  const ignore = "// buf:lint:ignore STIGMER_CALLBACK_TOKEN_IN_SPEC\n";
  write("proto/foo.proto", foo(`${ignore}  bytes callback_token = 2 [debug_redact = true];`));
  const { code, stdout } = await buf("lint");
  expect({ code, stdout: stdout.toString() }).toEqual({ code: 0, stdout: "" });
});

test("buf breaking against an earlier image shows a dropped debug_redact", async () => {
  write("proto/foo.proto", foo("string note = 2;"));
  expect(await buf("build", "-o", "before.binpb")).toMatchObject({ code: 0 });
  expect(await buf("breaking", "--against", "before.binpb")).toMatchObject({ code: 0 });
  write("proto/foo.proto", foo("string note = 2;", ""));
  const { code, stdout } = await buf("breaking", "--against", "before.binpb");
  expect(stdout.toString()).toMatch(
    /^proto\/foo\.proto:4:3:Field "password" on message "FooSpec" has lost debug_redact.*\n$/,
  );
  expect(code).toBe(100);
});

test("the shipped protos build without the plugin", async () => {
  const shipped = "node_modules/@stigmer/apis";
  rmSync(join(project, shipped, "dist/src/buf-plugin"), { recursive: true });
  const { code, stdout } = await buf("build", shipped, "-o", "-#format=json");
  expect(code).toBe(0);
  expect(stdout.toString()).toContain('"WorkflowExecutionSpec"');
});

test("a plugin that is not there is an error of buf lint, not silence", async () => {
  const { code, stderr } = await buf("lint");
  expect(code).toBe(1);
  expect(stderr).toContain("buf-plugin-stigmer");
});
