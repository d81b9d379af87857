import { execFileSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { filesOf, installsOf, type Page, readPage, root } from "./page.js";

/** The command of a page whose programs import what it generates. */
const generate = "npx buf generate";

/** The page that says how a project is set up for TypeScript. */
export const setupPage = "docs/modules-and-tools.md";

export interface Projects {
  /** What a reader has who has followed a page, compiled into dist/. Made of what pages say alone. */
  follow(page: Page): string;
  /** A folder in which these packages are installed, and what they need. */
  install(packages: readonly string[]): string;
  remove(): void;
}

/**
 * Makes projects as `npm install` does, without a registry: of this package what its tarball holds,
 * and of others those that this checkout has. A package that nobody has named is not found, unless
 * one that was named needs it.
 */
export function openProjects(): Projects {
  const folder = mkdtempSync(join(tmpdir(), "stigmer-pages-"));
  const packed = join(folder, "packed");
  mkdirSync(packed);
  // The global setup has built dist/; to build it again would take it from the tests beside this one.
  const pack = ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder];
  execFileSync("npm", pack, { cwd: root, stdio: "pipe" });
  const [tarball = ""] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  execFileSync("tar", ["-xzf", join(folder, tarball), "-C", packed, "--strip-components=1"]);

  function install(packages: readonly string[]): string {
    const project = mkdtempSync(join(folder, "project-"));
    for (const name of closureOf(packages)) {
      const path = join(project, "node_modules", name);
      mkdirSync(dirname(path), { recursive: true });
      if (name === "@stigmer/apis") cpSync(packed, path, { recursive: true });
      else symlinkSync(join(root, "node_modules", name), path, "junction");
      linkPrograms(project, name);
    }
    return project;
  }

  function follow(page: Page): string {
    const setup = readPage(setupPage);
    const commands = [...installsOf(page), ...installsOf(setup)];
    const project = install(commands.flatMap(({ packages }) => packages));
    const files = new Map([
      ["package.json", '{ "type": "module" }'],
      ["tsconfig.json", filesOf(setup).get("tsconfig.json") ?? ""],
      ...filesOf(page),
    ]);
    for (const [name, text] of files) {
      mkdirSync(dirname(join(project, name)), { recursive: true });
      writeFileSync(join(project, name), text);
    }
    if (
      page.blocks.some(({ language, text }) => language === "sh" && text.trimEnd() === generate)
    ) {
      execFileSync("sh", ["-c", generate], { cwd: project, env: envOfReader(), stdio: "pipe" });
    }
    if (![...files.keys()].some((name) => name.endsWith(".ts"))) return project;
    try {
      execFileSync(join(root, "node_modules/.bin/tsc"), { cwd: project, stdio: "pipe" });
    } catch (error) {
      throw new Error(`${page.path}:\n${(error as { stdout: Buffer }).stdout}`, { cause: error });
    }
    return project;
  }

  return { follow, install, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The environment of a shell in a reader's folder: nothing of this checkout is on its PATH. */
export function envOfReader(): NodeJS.ProcessEnv {
  const folders = (process.env.PATH ?? "").split(":");
  const PATH = folders.filter((folder) => !folder.includes("node_modules")).join(":");
  return { ...process.env, PATH };
}

interface Manifest {
  readonly bin?: string | Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

function manifestOf(name: string): Manifest | undefined {
  const path = join(
    name === "@stigmer/apis" ? root : join(root, "node_modules", name),
    "package.json",
  );
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}

/** The packages that npm puts into a project for these. */
function closureOf(names: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const add = (name: string, isNamed: boolean): void => {
    if (found.has(name)) return;
    const manifest = manifestOf(name);
    if (manifest === undefined) {
      // That of another platform, or inside of the package that needs it.
      if (!isNamed) return;
      throw new Error(`a page installs ${name}, which this checkout does not have`);
    }
    found.add(name);
    const { dependencies, optionalDependencies, peerDependencies = {} } = manifest;
    const isOptional = (peer: string) => manifest.peerDependenciesMeta?.[peer]?.optional === true;
    for (const needed of Object.keys({ ...dependencies, ...optionalDependencies })) {
      add(needed, false);
    }
    for (const peer of Object.keys(peerDependencies)) if (!isOptional(peer)) add(peer, false);
  };
  for (const name of names) add(name, true);
  return found;
}

function linkPrograms(project: string, name: string): void {
  const { bin = {} } = manifestOf(name) ?? {};
  const programs = typeof bin === "string" ? { [name]: bin } : bin;
  const folder = join(project, "node_modules/.bin");
  mkdirSync(folder, { recursive: true });
  for (const [program, path] of Object.entries(programs)) {
    const link = join(folder, program);
    if (existsSync(link)) continue;
    symlinkSync(join("..", name, path), link);
    // As npm does; what tsc writes is no program yet.
    if (name === "@stigmer/apis") chmodSync(link, 0o755);
  }
}
