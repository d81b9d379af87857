import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import {
  filesOf,
  installsOf,
  pagePaths,
  promised,
  readPage,
  specifiersOf,
} from "../docs/pages/page.js";
import { setupPage } from "../docs/pages/project.js";
import { cacheFolder } from "./cached.js";
import { run } from "./run.js";
import { told } from "./told.js";
import { toolBinary, toolFile } from "./tools.js";
import { createUser, used, usedInWords } from "./uses.js";
import { ownVersions, pnpmVersion, toolVersions, typescriptVersions } from "./versions.js";

// Both find a package only where a project, or the package that imports it, has named it.

interface Manager {
  readonly name: string;
  readonly version: string;
  /** A version that resolves packages as this does. */
  readonly typescript: string;
  /** Whether packages have folders in node_modules, which buf reads protos from. */
  readonly hasFolders: boolean;
  /** What it wants in the manifest of a workspace, and its other files. */
  readonly manifest: object;
  files(): Promise<Readonly<Record<string, string>>>;
  /** Runs the package manager. */
  run(folder: string, ...args: string[]): Promise<string>;
}

const newest = typescriptVersions.at(-1) ?? "";

const pnpm: Manager = {
  name: "pnpm",
  version: pnpmVersion,
  typescript: newest,
  hasFolders: true,
  manifest: {},
  files: async () => ({
    "pnpm-workspace.yaml": JSON.stringify({
      packages: ["*"],
      storeDir: cacheFolder("pnpm-store"),
      // It ends with an error where a package has a script to build it, such as Temporal's worker.
      strictDepBuilds: false,
    }),
  }),
  run: (folder, ...args) =>
    run(folder, toolBinary(join(inject("pnpm"), "../@pnpm"), "pnpm"), ...args),
};

const yarn: Manager = {
  name: "Yarn PnP",
  version: toolVersions["@yarnpkg/cli-dist"] ?? "",
  // Yarn gives TypeScript before 7 what it needs to find types.
  typescript: typescriptVersions[0],
  hasFolders: false,
  manifest: { workspaces: ["*"] },
  files: async () => ({
    ".yarnrc.yml": JSON.stringify({
      nodeLinker: "pnp",
      globalFolder: cacheFolder("yarn"),
      // It does not read npm's settings.
      npmRegistryServer: (await run(tmpdir(), "npm", "config", "get", "registry")).trim(),
      enableImmutableInstalls: false,
      enableScripts: false,
      enableTelemetry: false,
    }),
    "yarn.lock": "",
  }),
  run: (folder, ...args) =>
    run(folder, process.execPath, toolFile("@yarnpkg/cli-dist/bin/yarn.js"), ...args),
};

const setup = readPage(setupPage);
const { compilerOptions } = JSON.parse(filesOf(setup).get("tsconfig.json") ?? "");

/** What a reader of a page installs and writes, of each page that has code. */
const allPages = pagePaths
  // Which has several projects, that commonjs.test.ts follows.
  .filter((path) => path !== "docs/commonjs.md")
  .map(readPage)
  .map((page) => {
    const files = filesOf(page);
    const code = [...files].filter(([file]) => /\.c?[jt]s$/.test(file)).map(([, text]) => text);
    return {
      path: page.path,
      name: page.path.toLowerCase().replaceAll(/\W/g, "-"),
      files,
      installs: [...installsOf(page), ...installsOf(setup)].flatMap(({ packages }) => packages),
      imports: [...new Set(code.flatMap((text) => specifiersOf(text)))],
      generates: page.blocks.some(({ text }) => text === "npx buf generate\n"),
    };
  })
  .filter(({ imports }) => imports.length > 0);

const bundle = `
import { fileURLToPath } from "node:url";
import { bundleWorkflowCode, DefaultLogger } from "@temporalio/worker";

const path = (specifier) => fileURLToPath(import.meta.resolve(specifier));
const sizes = [];
for (const name of ["caller-workflows", "runner-workflows"]) {
  const { code } = await bundleWorkflowCode({
    workflowsPath: path(\`./\${name}.js\`),
    payloadConverterPath: path("@stigmer/apis/temporal/payload-converter"),
    logger: new DefaultLogger("WARN"),
  });
  sizes.push(code.length);
}
console.log(JSON.stringify(sizes));
`;

describe.each([pnpm, yarn])("with $name", (manager) => {
  const { name, version } = manager;
  const pages = allPages.filter(({ generates }) => manager.hasFolders || !generates);
  // Code that says what it prints runs by itself.
  const programs = pages.flatMap(({ path, name, files }) =>
    [...files]
      .filter(([, code]) => promised(code) !== "")
      .map(([file, code]) => ({ path, name, file, code })),
  );
  let workspace: string;
  const exec = (project: string, ...args: string[]) =>
    manager.run(join(workspace, project), "exec", ...args);

  beforeAll(async () => {
    workspace = realpathSync(mkdtempSync(join(tmpdir(), "stigmer-workspace-")));
    write(workspace, {
      ...(await manager.files()),
      "package.json": manifestOf("workspace", ["typescript", "@types/node"], manager.manifest),
      // All at once, which takes a tenth of the time, and what is compiled beside the source.
      "tsconfig.json": JSON.stringify({
        compilerOptions: { ...compilerOptions, rootDir: undefined, outDir: undefined },
        include: ["*/**/*.ts"],
      }),
    });
    for (const project of pages) {
      write(join(workspace, project.name), {
        ...Object.fromEntries(project.files),
        "package.json": manifestOf(project.name, project.installs),
        "load.js": project.imports.map((name) => `await import("${name}");\n`).join(""),
      });
    }
    const loads = pages.map(({ name }) => `await import("./${name}/load.js");\n`);
    write(workspace, { "load.js": `${loads.join("")}console.log("loaded");\n` });
    const uses = createUser(workspace, { "main.js": "main.js" });
    renameSync(uses, join(workspace, "uses"));
    const installs = ["@stigmer/apis", "@bufbuild/protobuf", "@connectrpc/connect"];
    const manifestOfUses = manifestOf("uses", [...installs, "@connectrpc/connect-web"]);
    write(join(workspace, "uses"), { "package.json": manifestOfUses });
    await manager.run(workspace, "install");
    for (const { name } of pages.filter(({ generates }) => generates)) {
      await exec(name, "buf", "generate");
    }
  });

  afterAll(() => rmSync(workspace, { recursive: true, force: true }));

  function manifestOf(project: string, packages: readonly string[], more = {}): string {
    const versions: Readonly<Record<string, string>> = {
      ...ownVersions,
      typescript: manager.typescript,
      "@stigmer/apis": `file:${inject("tarball")}`,
    };
    const dependencies = Object.fromEntries(packages.map((name) => [name, versions[name]]));
    return JSON.stringify({ name: project, private: true, type: "module", dependencies, ...more });
  }

  it("is the version that is pinned", async () => {
    expect((await manager.run(workspace, "--version")).trim()).toBe(version);
  });

  const pagesHave = "the code of pages, with what they install";
  it("compiles the code of pages", told(name, version, pagesHave), async () => {
    expect(await manager.run(workspace, "exec", "tsc")).toBe("");
  });

  // Also that of programs which need more to run than Node alone.
  it("loads what the code of pages imports", told(name, version, pagesHave), async () => {
    expect(await manager.run(workspace, "exec", "node", "load.js")).toBe("loaded\n");
  });

  const ran = told(name, version, "the programs among it");
  it.each(programs)("runs $file of $path, which prints what it says", ran, async (program) => {
    const { file, code } = program;
    const output = await exec(program.name, "node", file.replace(/\.ts$/, ".js"));
    // Of a token that was drawn by lot.
    const comparable = (text: string) => text.replaceAll(/sha256:[0-9a-f]{8}/g, "sha256:…");
    expect(comparable(output)).toBe(comparable(promised(code)));
  });

  if (manager === yarn) {
    it("gives TypeScript 7 no types", async () => {
      const tsc = inject("tsc")[newest] ?? "";
      await expect(exec("readme-md", "node", tsc, "--project", "..")).rejects.toThrow("TS2688");
    });
  }

  it(
    "bundles workflows with Temporal's bundler",
    told(name, version, "Temporal's bundler"),
    async () => {
      const project = "docs-temporal-md";
      write(join(workspace, project), { "bundle.js": bundle });
      const sizes = JSON.parse(await exec(project, "node", "bundle.js"));
      expect(sizes).toEqual([expect.any(Number), expect.any(Number)]);
    },
  );

  it("calls a server", told(name, version, usedInWords), async () => {
    expect(JSON.parse(await exec("uses", "node", "main.js"))).toEqual(used);
  });
});

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}
