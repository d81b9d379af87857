import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Checkout, createCheckout } from "./checkout.js";

let checkout: Checkout;
beforeEach(() => {
  checkout = createCheckout();
  checkout.run("git", "init", "--quiet");
  writeFileSync(join(checkout.folder, ".gitignore"), "/dist\n/node_modules\n");
});
afterEach(() => checkout.remove());

function release(...args: string[]) {
  return checkout.run(process.execPath, "scripts/release.js", ...args);
}

function commit(): void {
  checkout.run("git", "add", "--all");
  const identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
  checkout.run("git", ...identity, "commit", "--quiet", "--message", "change");
}

function raiseVersion(): void {
  for (const path of ["package.json", "package-lock.json", "package-lock.json"]) {
    checkout.edit(path, '"version": "0.1.0"', '"version": "0.1.1"');
  }
  checkout.edit("CHANGELOG.md", "## 0.1.0", "## 0.1.1 - 2026-12-01\n\n- Faster.\n\n## 0.1.0");
}

test("a dry run shows version, changelog, baseline and tarball, and writes nothing", () => {
  raiseVersion();
  commit();
  const { status, stdout, stderr } = release("--dry-run");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toMatch(/^Version +0\.1\.1, after 0\.1\.0$/m);
  expect(stdout).toMatch(/^Baseline +baseline\/0\.1\.1\.binpb, \d+ bytes/m);
  expect(stdout).toContain("- Faster.");
  expect(stdout).toMatch(/^Tarball +stigmer-apis-0\.1\.1\.tgz, [\d.]+ kB, unpacked [\d.]+ kB/m);
  expect(stdout).toMatch(/^ +[\d.]+ kB +dist\/src\/index\.js$/m);
  expect(readdirSync(join(checkout.folder, "baseline"))).toEqual(["0.1.0.binpb"]);
});

test("a release makes its contract the new baseline, and stops before publishing", () => {
  raiseVersion();
  commit();
  const { status, stdout } = release();
  expect(status).toBe(0);
  expect(readdirSync(join(checkout.folder, "baseline"))).toEqual(["0.1.1.binpb"]);
  expect(stdout).toContain("npm publish");
  expect(existsSync(join(checkout.folder, "stigmer-apis-0.1.1.tgz"))).toBe(false);
  expect(checkout.run(process.execPath, "scripts/gate.js", "breaking", "release").status).toBe(0);
});

test("all reasons against a release are given at once", () => {
  checkout.edit("package.json", '"version": "0.1.0"', '"version": "0.0.1"');
  checkout.edit(
    "apis/ai/stigmer/commons/apiresource/io.proto",
    "string value = 1 [",
    "string  value = 1 [",
  );
  const { status, stdout, stderr } = release("--dry-run");
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toContain("release: the work tree is dirty");
  expect(stderr).toContain("release: CHANGELOG.md has no section for version 0.0.1");
  expect(stderr).toContain("release: version 0.0.1 cannot follow 0.1.0; set 0.1.1 or higher");
  expect(stderr).toMatch(/release: the gate fails[\s\S]*format +1 finding/);
});

test("a dry run also shows the version that is out", () => {
  const image = ["--exclude-source-info", "--output", "baseline/0.1.0.binpb"];
  expect(checkout.run("npx", "buf", "build", "apis", ...image)).toMatchObject({ status: 0 });
  commit();
  const { status, stdout } = release("--dry-run");
  expect(status).toBe(0);
  expect(stdout).toMatch(/^Version +0\.1\.0, which is out already$/m);
  expect(release()).toMatchObject({ status: 1, stderr: expect.stringContaining("set 0.1.1") });
});

test("an addition is not released under the version that is out", () => {
  checkout.edit(
    "apis/ai/stigmer/commons/apiresource/io.proto",
    "  // The resource's",
    "  // A note.\n  string added_by_a_test = 900;\n  // The resource's",
  );
  checkout.run(process.execPath, "scripts/derive.js");
  commit();
  const { status, stderr } = release("--dry-run");
  expect(status).toBe(1);
  expect(stderr).toBe(
    "release: version 0.1.0 cannot follow 0.1.0; set 0.1.1 or higher in package.json\n",
  );
});

test("a version that has a tag, or whose lock file is of another, is refused", () => {
  raiseVersion();
  checkout.edit("package-lock.json", '"version": "0.1.1"', '"version": "0.1.0"');
  commit();
  checkout.run("git", "tag", "v0.1.1");
  const { status, stderr } = release();
  expect(status).toBe(1);
  expect(stderr).toContain("release: the tag v0.1.1 exists already");
  expect(stderr).toContain("release: package-lock.json is of version 0.1.0; run npm install");
  expect(readdirSync(join(checkout.folder, "baseline"))).toEqual(["0.1.0.binpb"]);
});

test("a baseline that was cut off is named, and nothing is written", () => {
  raiseVersion();
  const path = join(checkout.folder, "baseline/0.1.0.binpb");
  writeFileSync(path, readFileSync(path).subarray(0, 1000));
  commit();
  const { status, stderr } = release();
  expect(status).toBe(2);
  expect(stderr).toContain("baseline/0.1.0.binpb is no image of a contract");
  expect(readdirSync(join(checkout.folder, "baseline"))).toEqual(["0.1.0.binpb"]);
});
