import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import semver from "semver";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findBaseline, imageOf } from "../../scripts/gate/baseline.js";
import { lowestVersion } from "../../scripts/gate/release-rule.js";
import { folderOf } from "../../scripts/histories/files.js";
import { temporalAvailable } from "../temporal/server.js";
import { type Checkout, createCheckout } from "./checkout.js";

const { version: released, path: image } = findBaseline();
const patch = semver.inc(released, "patch") ?? "";
const escaped = (text: string) => text.replaceAll(".", "\\.");

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

/** The images that the checkout keeps, of which there is to be one. */
function images(): string[] {
  const paths = readdirSync(join(checkout.folder, "baseline"), { recursive: true });
  return paths.map((path) => `baseline/${path}`).filter((path) => path.endsWith(".binpb"));
}

function commit(): void {
  checkout.run("git", "add", "--all");
  const identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
  checkout.run("git", ...identity, "commit", "--quiet", "--message", "change");
}

function raiseVersion(): void {
  checkout.setVersion(patch);
  checkout.edit(
    "CHANGELOG.md",
    `## ${released}`,
    `## ${patch} - 2026-12-01

- Faster.

## ${released}`,
  );
}

test("a dry run shows version, changelog, baseline and tarball, and writes nothing", () => {
  raiseVersion();
  commit();
  const { status, stdout, stderr } = release("--dry-run");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toMatch(
    new RegExp(`^Version +${escaped(patch)}, after ${escaped(released)}$`, "m"),
  );
  expect(stdout).toMatch(
    new RegExp(`^Baseline +baseline/${escaped(patch)}/contract\\.binpb, \\d+ bytes`, "m"),
  );
  expect(stdout).toContain("- Faster.");
  expect(stdout).toMatch(
    new RegExp(
      `^Tarball +stigmer-apis-${escaped(patch)}\\.tgz, [\\d.]+ kB, unpacked [\\d.]+ kB`,
      "m",
    ),
  );
  expect(stdout).toMatch(/^ +[\d.]+ kB +dist\/src\/index\.js$/m);
  expect(images()).toEqual([image]);
});

const needsTemporal = { skip: !temporalAvailable(), timeout: 300_000 };

test(
  "a release makes its contract the new baseline, records histories, and stops before publishing",
  needsTemporal,
  () => {
    raiseVersion();
    commit();
    const { status, stdout, stderr } = release();
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(images()).toEqual([imageOf(patch)]);
    const kept = readdirSync(join(checkout.folder, "baseline"), { recursive: true }).map(String);
    expect(kept.filter((path) => /activities|package/.test(path)).sort()).toEqual([
      join(patch, "activities.json"),
      join(patch, "package.tgz"),
    ]);
    expect(stdout).toContain("npm publish");
    expect(existsSync(join(checkout.folder, `stigmer-apis-${patch}.tgz`))).toBe(false);
    const scenariosOf = (version: string) => {
      const names = readdirSync(join(checkout.folder, folderOf(version)));
      return new Set(names.map((name) => name.split(".")[0]));
    };
    expect(scenariosOf(patch)).toEqual(scenariosOf(released));
    const steps = ["breaking", "histories", "release"];
    expect(checkout.run(process.execPath, "scripts/gate.js", ...steps).status).toBe(0);
  },
);

test("a release without a Temporal server says so, and writes nothing", () => {
  raiseVersion();
  commit();
  const folders = (process.env.PATH ?? "").split(delimiter);
  const path = folders.filter((folder) => !existsSync(join(folder, "temporal"))).join(delimiter);
  const env = ["-u", "TEMPORAL_ADDRESS", `PATH=${path}`, `XDG_CACHE_HOME=${checkout.folder}`];
  const { status, stderr } = checkout.run("env", ...env, process.execPath, "scripts/release.js");
  expect(status).toBe(2);
  expect(stderr).toContain("release: no Temporal server: set TEMPORAL_ADDRESS, or put `temporal`");
  expect(images()).toEqual([image]);
});

test("all reasons against a release are given at once", () => {
  checkout.setVersion("0.0.1");
  checkout.edit(
    "apis/ai/stigmer/commons/apiresource/io.proto",
    "string value = 1 [",
    "string  value = 1 [",
  );
  const { status, stdout, stderr } = release("--dry-run");
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toContain("release: the work tree is dirty");
  expect(stderr).toContain("release: CHANGELOG.md has no section for version 0.0.1");
  expect(stderr).toContain(
    `release: version 0.0.1 cannot follow ${released}; set ${patch} or higher`,
  );
  expect(stderr).toMatch(/release: the gate fails[\s\S]*format +1 finding/);
});

// Each of the two runs of the script takes all steps of the gate.
test("a dry run also shows the version that is out", { timeout: 180_000 }, () => {
  const build = ["buf", "build", "apis", "--exclude-source-info", "--output", image];
  expect(checkout.run("npx", ...build)).toMatchObject({ status: 0 });
  commit();
  const { status, stdout } = release("--dry-run");
  expect(status).toBe(0);
  expect(stdout).toMatch(new RegExp(`^Version +${escaped(released)}, which is out already$`, "m"));
  expect(release()).toMatchObject({ status: 1, stderr: expect.stringContaining(`set ${patch}`) });
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
    `release: version ${released} cannot follow ${released}; set ${lowestVersion(released, "addition")} or higher in package.json\n`,
  );
});

test("a change of rules alone is a change, and one of comments is none", () => {
  const build = ["buf", "build", "apis", "--exclude-source-info", "--output", image];
  expect(checkout.run("npx", ...build)).toMatchObject({ status: 0 });
  const script = `import { hasChangedSince } from "./scripts/gate/baseline.js";
    console.log(hasChangedSince("${image}"));`;
  const hasChanged = () =>
    checkout.run(process.execPath, "--input-type=module", "--eval", script).stdout;
  const io = "apis/ai/stigmer/commons/apiresource/io.proto";
  checkout.edit(io, "  // The resource's", "  // One more line.\n  // The resource's");
  expect(hasChanged()).toBe("false\n");
  checkout.edit(io, "string.min_len = 1", "string.min_len = 2");
  expect(hasChanged()).toBe("true\n");
});

test("a version that has a tag, or whose lock file is of another, is refused", () => {
  raiseVersion();
  checkout.edit("package-lock.json", `"version": "${patch}"`, `"version": "${released}"`);
  commit();
  checkout.run("git", "tag", `v${patch}`);
  const { status, stderr } = release();
  expect(status).toBe(1);
  expect(stderr).toContain(`release: the tag v${patch} exists already`);
  expect(stderr).toContain(`release: package-lock.json is of version ${released}; run npm install`);
  expect(images()).toEqual([image]);
});

test("a baseline that was cut off is named, and nothing is written", () => {
  raiseVersion();
  const path = join(checkout.folder, image);
  writeFileSync(path, readFileSync(path).subarray(0, 1000));
  commit();
  const { status, stderr } = release();
  expect(status).toBe(2);
  expect(stderr).toContain(`${image} is no image of a contract`);
  expect(images()).toEqual([image]);
});
