import { appendFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Checkout, createCheckout } from "./checkout.js";

let checkout: Checkout;
beforeEach(() => {
  checkout = createCheckout();
});
afterEach(() => checkout.remove());

function generate(...args: string[]) {
  const { status, stderr } = checkout.run(process.execPath, "scripts/generate.js", ...args);
  return { status, stderr };
}

test("the drift check passes when gen/ is what apis/ gives", () => {
  expect(generate("--check")).toEqual({ status: 0, stderr: "" });
});

test("the drift check fails with the list of files, and generating mends them all", () => {
  const gen = join(checkout.folder, "gen/ai/stigmer/commons/apiresource");
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
  appendFileSync(
    join(checkout.folder, "apis/ai/stigmer/commons/apiresource/io.proto"),
    "message {",
  );
  const { status, stderr } = generate("--check");
  expect(status).toBe(2);
  expect(stderr).toContain("io.proto");
});
