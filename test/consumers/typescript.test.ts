import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { entryPoints, generatedFiles } from "./entry-points.js";
import { createProject } from "./project.js";
import { run } from "./run.js";
import { told } from "./told.js";
import { typescriptVersions } from "./versions.js";

const base = {
  target: "es2022",
  // Connect's types name `HeadersInit`, which those of Node 20 do not have.
  lib: ["es2022", "dom", "dom.asynciterable"],
  types: ["node"],
  strict: true,
  skipLibCheck: false,
  outDir: "out",
};

// The types of Temporal import those of `ms`, which that package has but does not export. With
// `skipLibCheck`, as most projects have it, nobody needs this.
const ms = 'declare module "ms" {\n  export type StringValue = string;\n}\n';

const kinds = [
  { kind: "nodenext", type: "module", options: { module: "nodenext" } },
  { kind: "CommonJS", type: "commonjs", options: { module: "nodenext" } },
  // The types of CommonJS are the same, so that these need not check all that they load.
  {
    kind: "node16, CommonJS",
    type: "commonjs",
    options: { module: "node16", skipLibCheck: true },
  },
  // Before TypeScript 6, this is `moduleResolution: node10`, which does not read `exports`.
  {
    kind: "commonjs",
    type: "commonjs",
    options: { module: "commonjs", esModuleInterop: true, skipLibCheck: true },
  },
  {
    kind: "bundler",
    type: "module",
    options: { module: "esnext", moduleResolution: "bundler" },
  },
] as const;

describe.each(typescriptVersions)("with TypeScript %s", (version) => {
  const compile = (project: string) =>
    run(project, process.execPath, inject("tsc")[version] ?? "", "--project", project);

  describe.each(kinds)("a $kind project", ({ kind, type, options }) => {
    let project: string;
    let findings: string[];

    beforeAll(async () => {
      const sources = { "program.ts": "program.js", "types.ts": "types.ts" };
      project = createProject(inject("full"), sources, {
        "package.json": { type },
        "tsconfig.json": { compilerOptions: { ...base, ...options }, include: ["*.ts"] },
        "ms.d.ts": ms,
      });
      findings = await compile(project).then(
        (output) => output.split("\n").filter(Boolean),
        (error: Error) => error.message.split("\n").slice(1),
      );
    });

    it("compiles a program that uses every entry point, and all types that it loads", () => {
      expect(findings.filter((finding) => !finding.startsWith("types.ts"))).toEqual([]);
    });

    it("does not compile what makes no sense", () => {
      expect(findings.filter((finding) => finding.startsWith("types.ts"))).toEqual([]);
    });

    it("runs", told("TypeScript", version, `every entry point (${kind})`), async () => {
      const program = kind === "bundler" ? await bundle(project) : "out/program.js";
      const output = await run(project, process.execPath, program);
      expect(output.trim().split("\n").sort()).toEqual(entryPoints());
      const text = readFileSync(join(project, "out/program.js"), "utf8");
      expect(text.includes('require("@stigmer/apis")')).toBe(type === "commonjs");
    });
  });

  it("a project without any peer compiles what needs none", async () => {
    const entries = [...entryPoints(), ...generatedFiles()].filter(
      (entry) => !/connect|temporal|testing/.test(entry),
    );
    const project = createProject(
      inject("core"),
      {},
      {
        "package.json": { type: "module" },
        "tsconfig.json": { compilerOptions: { ...base, module: "nodenext", types: [] } },
        "program.ts": entries
          .map((entry, index) => `export * as _${index} from "${entry}";\n`)
          .join(""),
      },
    );
    expect(await compile(project)).toBe("");
  });
});

async function bundle(project: string): Promise<string> {
  const outfile = "out/bundle.cjs";
  await build({
    absWorkingDir: project,
    entryPoints: ["out/program.js"],
    bundle: true,
    platform: "node",
    outfile,
    logLevel: "error",
  });
  return outfile;
}
