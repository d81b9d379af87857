import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findingsOf } from "./request.js";
import { bufPath, root } from "./run.js";

// Additions that change no byte, and what they do to who compiles against the stubs. What they do in
// Java is in test/codegen.

const header = 'syntax = "proto3";\npackage acme.v1;\n';

function project(proto: string): string {
  // Below the checkout, where its dependencies are found.
  mkdirSync(join(root, "build"), { recursive: true });
  const folder = mkdtempSync(join(root, "build/callers-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "a.proto"), header + proto);
  return folder;
}

/** What tsc says of a caller of the stubs of protoc-gen-es. */
function typecheck(proto: string, caller: string): string {
  const folder = project(proto);
  const plugin = join(root, "node_modules/.bin/protoc-gen-es");
  const opt = ["target=ts", "import_extension=js"];
  const template = { version: "v2", plugins: [{ local: plugin, out: "gen", opt }] };
  const args = ["generate", "--template", JSON.stringify(template)];
  execFileSync(bufPath, args, { cwd: folder, stdio: "pipe" });
  writeFileSync(join(folder, "caller.ts"), caller);
  const options = ["--noEmit", "--strict", "--skipLibCheck", "--ignoreConfig"];
  const modules = ["--module", "nodenext", "--target", "es2022"];
  const tsc = join(root, "node_modules/.bin/tsc");
  const all = [...options, ...modules, "caller.ts"];
  return spawnSync(tsc, all, { cwd: folder, encoding: "utf8" }).stdout;
}

test.each([
  {
    ruleId: "STIGMER_ENUM_PREFIX_KEPT",
    before: "enum Phase { PHASE_UNSPECIFIED = 0; PHASE_WAITING = 1; }",
    after: "enum Phase { PHASE_UNSPECIFIED = 0; PHASE_WAITING = 1; DONE = 2; }",
    caller: 'import { Phase } from "./gen/a_pb.js";\nexport const phase = Phase.WAITING;\n',
    error: "Property 'WAITING' does not exist on type 'typeof Phase'",
  },
  {
    ruleId: "STIGMER_NAMES_DISTINCT",
    before: "message A {} message B {} service S { rpc Get(A) returns (A); }",
    after:
      "message A {} message B {} service S { rpc Get(A) returns (A); rpc get(B) returns (B); }",
    caller: 'import { S } from "./gen/a_pb.js";\nexport const { typeName } = S.method.get.input;\n',
    error: "Duplicate identifier 'get'",
  },
])("$ruleId: callers in TypeScript do not compile", ({ ruleId, before, after, caller, error }) => {
  expect(findingsOf(ruleId, header + before, header + before)).toBe(0);
  expect(findingsOf(ruleId, header + before, header + after)).toBe(1);
  expect(typecheck(before, caller)).toBe("");
  expect(typecheck(after, caller)).toContain(error);
});
