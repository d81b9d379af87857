import { spawnSync } from "node:child_process";
import { appendFileSync, cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "stigmer-generate-test-"));
  for (const name of ["apis", "gen", "scripts", "buf.yaml", "buf.gen.yaml", "package.json"]) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function generate(...args: string[]) {
  const { status, stderr } = spawnSync(process.execPath, ["scripts/generate.js", ...args], {
    cwd: folder,
    encoding: "utf8",
  });
  return { status, stderr };
}

test("the drift check passes when gen/ is what apis/ gives", () => {
  expect(generate("--check")).toEqual({ status: 0, stderr: "" });
});

test("the drift check fails with the list of files, and generating mends them all", () => {
  const gen = join(folder, "gen/ai/stigmer/commons/apiresource");
  appendFileSync(join(gen, "io_pb.ts"), "// edited\n");
  rmSync(join(gen, "enum_pb.ts"));
  writeFileSync(join(gen, "old_pb.ts"), "");

  const { status, stderr } = generate("--check");
  expect(status).toBe(1);
  expect(stderr.split("\n").slice(1, -1)).toEqual([
    "  missing  gen/ai/stigmer/commons/apiresource/enum_pb.ts",
    "  differs  gen/ai/stigmer/commons/apiresource/io_pb.ts",
    "  surplus  gen/ai/stigmer/commons/apiresource/old_pb.ts",
  ]);

  expect(generate()).toEqual({ status: 0, stderr: "" });
  expect(generate("--check")).toEqual({ status: 0, stderr: "" });
});

test("the drift check cannot run on protos that do not compile, and says so", () => {
  appendFileSync(join(folder, "apis/ai/stigmer/commons/apiresource/io.proto"), "message {");
  const { status, stderr } = generate("--check");
  expect(status).toBe(2);
  expect(stderr).toContain("io.proto");
});
