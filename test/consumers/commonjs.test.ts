import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { filesOf, installsOf, type Page, readPage, sectionOf } from "../docs/pages/page.js";
import { cached } from "./cached.js";
import { run } from "./run.js";
import { told } from "./told.js";
import { nestVersion, peers, tools } from "./versions.js";

const page = readPage("docs/commonjs.md");
const section = (heading: string) => sectionOf(page, heading);
const [setup, jest] = [section("A project"), section("Jest")];
const temporal = section("On Temporal");

let parent: string;
let base: string;

beforeAll(async () => {
  parent = mkdtempSync(join(dirname(inject("core")), "commonjs-"));
  base = join(parent, "base");
  mkdirSync(base);
  writeFileSync(join(base, "package.json"), '{ "private": true }');
  await follow(base, setup);
});

afterAll(() => rm(parent, { recursive: true, force: true }));

describe("docs/commonjs.md", () => {
  it("has no block that is followed nowhere", () => {
    const followed = ["A project", "Jest", "With ts-jest", "With swc", "On Temporal"].map(section);
    expect(followed.flatMap(({ blocks }) => blocks)).toEqual(page.blocks);
  });

  for (const [heading, transform] of [
    ["With ts-jest", "ts-jest"],
    ["With swc", "@swc/jest"],
  ] as const) {
    const version = `${tools.jest} with ${transform} ${tools[transform]}`;
    it(
      `${heading}, runs the handshake in Jest`,
      told("Jest", version, "the handshake"),
      async () => {
        const project = join(parent, heading.replaceAll(" ", "-"));
        cpSync(base, project, { recursive: true, verbatimSymlinks: true });
        await follow(project, section(heading));
        // Throws when a test fails.
        await follow(project, jest);
      },
    );
  }

  const nest = told("Nest", tools["@nestjs/core"] ?? "", "the handshake, as Nest sets up Jest");
  it("runs the handshake in a new project of Nest", nest, async () => {
    const nest = await cached("nest", "@nestjs/cli", nestVersion);
    const options = ["--skip-install", "--skip-git", "--package-manager", "npm"];
    await run(parent, process.execPath, join(nest, "bin/nest.js"), "new", "nest", ...options);
    const project = join(parent, "nest");
    keepTools(join(project, "package.json"));
    await npmInstall(project, installsOf(setup)[0]?.line ?? "");
    const spec = filesOf(jest).get("handshake.test.ts") ?? "";
    writeFileSync(join(project, "src/handshake.spec.ts"), spec);
    await run(project, "npm", "test");
    // What `nest build` does.
    await run(project, "npx", "tsc", "--project", "tsconfig.build.json");
  });

  it("bundles workflows with one instance of each module", async () => {
    const project = join(parent, "temporal");
    cpSync(base, project, { recursive: true, verbatimSymlinks: true });
    await follow(project, temporal);
    const code = readFileSync(join(project, "workflows.bundle.js"), "utf8");
    const found = [...code.matchAll(/@stigmer\/apis\/(dist\/(?:cjs\/)?src)\//g)];
    expect([...new Set(found.map(([, folder]) => folder))]).toEqual(["dist/src"]);
  });
});

/** Writes the files of a section, then runs its commands. */
async function follow(project: string, { blocks, ...rest }: Page): Promise<void> {
  for (const [name, text] of filesOf({ blocks, ...rest })) writeFileSync(join(project, name), text);
  const commands = blocks.filter(({ language }) => language === "sh").map(({ text }) => text);
  for (const line of commands.join("").trim().split("\n")) {
    if (line.startsWith("npm install ")) await npmInstall(project, line);
    else await run(project, "sh", "-c", line);
  }
}

/** Does what a line says, with exact versions, and with the packed package. */
async function npmInstall(project: string, line: string): Promise<void> {
  const words = line.split(" ").slice(1);
  const exact = words.map((word) => {
    if (word === "@stigmer/apis") return inject("tarball");
    if (word === "install" || word.startsWith("--")) return word;
    const name = word.replace(/(?<=.)@.*/, "");
    return `${name}@${versionOf(name)}`;
  });
  await run(project, "npm", ...exact, "--prefer-offline", "--no-audit", "--no-fund");
}

function versionOf(name: string): string {
  const version = tools[name] ?? peers[name];
  if (version === undefined) throw new Error(`expected an exact version of ${name} in versions.ts`);
  return version;
}

/** Leaves out of a manifest what neither Jest nor TypeScript needs, such as linters. */
function keepTools(manifest: string): void {
  const { dependencies, devDependencies, ...rest } = JSON.parse(readFileSync(manifest, "utf8"));
  const all = Object.keys({ ...dependencies, ...devDependencies });
  const kept = all.filter((name) => name in tools || name in peers);
  const exact = Object.fromEntries(kept.map((name) => [name, versionOf(name)]));
  writeFileSync(manifest, JSON.stringify({ ...rest, devDependencies: exact }, null, 2));
}
