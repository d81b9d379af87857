import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { check } from "../../src/buf-plugin/check.js";
import { rules } from "../../src/buf-plugin/rules/index.js";
import { compile, requestOf } from "./request.js";
import { bufPath, root } from "./run.js";

// Additions that change no byte, and what they do to who compiles against the stubs.

const header = 'syntax = "proto3";\npackage acme.v1;\noption java_multiple_files = true;\n';

function project(proto: string): string {
  // Below the checkout, where its dependencies are found.
  mkdirSync(join(root, "build"), { recursive: true });
  const folder = mkdtempSync(join(root, "build/callers-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "a.proto"), header + proto);
  return folder;
}

function ruleSays(ruleId: string, before: string, after: string): number {
  const [files, against] = [after, before].map((proto) => compile({ "a.proto": header + proto }));
  const request = requestOf({ files: files ?? [], against: against ?? [], ruleIds: [ruleId] });
  const { annotations } = check(request, "binary", rules);
  return (annotations as readonly unknown[]).length;
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
  expect(ruleSays(ruleId, before, before)).toBe(0);
  expect(ruleSays(ruleId, before, after)).toBe(1);
  expect(typecheck(before, caller)).toBe("");
  expect(typecheck(after, caller)).toContain(error);
});

const protoc = process.env.PROTOC ?? "protoc";
const isThere = spawnSync(protoc, ["--version"]).status === 0;

test.skipIf(!isThere).each([
  ["repeated string tasks = 2;", "int32 tasks_count = 3;", "getTasksList("],
  ["repeated string tasks = 2;", "string tasks_list = 3;", "getTasksList("],
  ["map<string, string> labels = 2;", "int32 labels_count = 3;", "getLabelsMap("],
])("STIGMER_JAVA_ACCESSORS_DISTINCT: %s and %s leave Java without %s", (field, added, accessor) => {
  const [before, after] = [`message A { ${field} }`, `message A { ${field} ${added} }`];
  const java = (proto: string) => {
    const folder = project(proto);
    execFileSync(protoc, ["--java_out=.", "a.proto"], { cwd: folder, stdio: "pipe" });
    return readFileSync(join(folder, "acme/v1/AOrBuilder.java"), "utf8");
  };
  expect(ruleSays("STIGMER_JAVA_ACCESSORS_DISTINCT", before, after)).toBe(1);
  expect(java(before)).toContain(accessor);
  expect(java(after)).not.toContain(accessor);
});
