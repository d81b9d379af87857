import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build as esbuild, transform } from "esbuild";
import { build as vite } from "vite";
import { describe, expect, inject, it } from "vitest";
import { run } from "./run.js";
import { told } from "./told.js";
import { toolBinary, toolFile } from "./tools.js";
import { createUser, used, usedInWords } from "./uses.js";
import { ownVersions, toolVersions } from "./versions.js";

const bundlers = [
  { name: "esbuild", versions: ownVersions, bundle: bundleWithEsbuild },
  { name: "Vite", versions: ownVersions, bundle: bundleWithVite },
  { name: "webpack", versions: toolVersions, bundle: bundleWithWebpack },
  { name: "Rollup", versions: toolVersions, bundle: bundleWithRollup },
  { name: "Parcel", versions: toolVersions, bundle: bundleWithParcel },
  { name: "Bun", versions: toolVersions, bundle: bundleWithBun },
] as const;

describe.each(bundlers)("$name makes a bundle", ({ name, versions, bundle }) => {
  const version = versions[name.toLowerCase()] ?? "";
  const small = told(name, version, "small bundles");

  const make = async (app: string, others: Readonly<Record<string, string>> = {}) => {
    const html = '<!doctype html><script type="module" src="app.js"></script>';
    const parent = inject(app === "main.js" ? "full" : "core");
    const project = createUser(parent, { "app.js": app, ...others }, { "index.html": html });
    const code = await bundle(project);
    writeFileSync(join(project, "bundle.mjs"), code);
    const output = await run(project, process.execPath, "bundle.mjs");
    return { ...contentsOf(code), size: code.length, output: output.trim() };
  };

  it("without a service stub for an app that only reads tokens", small, async () => {
    const { protos, services, output } = await make("read-token.js");
    expect(output).toBe("3 bytes, sha256:039058c6");
    expect(services).toEqual([]);
    expect(protos).toContain("agentic/workflowexecution/v1/spec.proto");
    expect(protos.filter((file) => /(?:command|query|interface|io)\.proto$/.test(file))).toEqual(
      [],
    );
    expect(protos.filter((file) => /agentexecution|workflowrunner/.test(file))).toEqual([]);
  });

  it("without any stub for an app that reads tokens from encoded bytes", small, async () => {
    const { protos, services, size, output } = await make("peek-token.js");
    expect(output).toBe("1,2,3");
    expect({ protos, services }).toEqual({ protos: [], services: [] });
    expect(size).toBeLessThan(3_000);
  });

  it("with one service stub for an app that calls one service", small, async () => {
    const { services, output } = await make("call-service.js");
    expect(output).toBe("ai.stigmer.agentic.workflowexecution.v1.WorkflowExecution");
    expect(services).toEqual(["WorkflowExecutionQueryController"]);
  });

  it("that calls a server", told(name, version, usedInWords), async () => {
    const { output } = await make("main.js");
    expect(JSON.parse(output)).toEqual(used);
  });

  // Rollup alone takes no CommonJS.
  if (name !== "Rollup") {
    it("with one instance of what is imported and required", async () => {
      const { output } = await make("import-and-require.js", { "required.cjs": "required.cjs" });
      expect(output).toBe("one instance");
    });
  }
});

/** What is in a bundle: in its text, or in the Base64 of descriptors. */
function contentsOf(code: string): { protos: string[]; services: string[] } {
  const base64 = [...code.matchAll(/["'`]([\w+/]{40,}={0,2})["'`]/g)].map(([, text = ""]) => text);
  const texts = [code, ...base64.map((text) => Buffer.from(text, "base64").toString("latin1"))];
  const all = (pattern: RegExp) => [
    ...new Set(texts.flatMap((text) => [...text.matchAll(pattern)].map(([, found = ""]) => found))),
  ];
  return {
    protos: all(/ai\/stigmer\/([\w/]+\.proto)/g),
    services: all(/\b(\w+Controller)\b/g).filter((name) => name !== "AbortController"),
  };
}

async function bundleWithEsbuild(project: string): Promise<string> {
  const { outputFiles } = await esbuild({
    absWorkingDir: project,
    entryPoints: ["app.js"],
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
    logLevel: "error",
  });
  return outputFiles.map(({ text }) => text).join("");
}

async function bundleWithVite(project: string): Promise<string> {
  const result = await vite({
    root: project,
    mode: "production",
    configFile: false,
    logLevel: "error",
    // The polyfill wants a page.
    build: { write: false, modulePreload: false },
  });
  if (!("output" in result)) throw new Error("expected one build");
  return result.output.flatMap((file) => (file.type === "chunk" ? file.code : [])).join("");
}

async function bundleWithWebpack(project: string): Promise<string> {
  const { default: webpack } = await import(toolUrl("webpack/lib/index.js"));
  const compiler = webpack({
    context: project,
    mode: "production",
    entry: "./app.js",
    output: { path: project, filename: "out.js" },
  });
  await new Promise<void>((resolve, reject) => {
    compiler.run((error: Error | null, stats: { toString(options: object): string }) => {
      const said = error ?? stats.toString({ all: false, errors: true, warnings: true });
      if (said === "") resolve();
      else reject(new Error(String(said)));
    });
  });
  await new Promise((resolve) => compiler.close(resolve));
  return readFileSync(join(project, "out.js"), "utf8");
}

async function bundleWithRollup(project: string): Promise<string> {
  const { rollup } = await import(toolUrl("rollup/dist/es/rollup.js"));
  const { nodeResolve } = await import(toolUrl("@rollup/plugin-node-resolve/dist/es/index.js"));
  const bundle = await rollup({
    input: join(project, "app.js"),
    plugins: [nodeResolve({ browser: true })],
    // Of @bufbuild/protobuf, which was compiled for more than ES modules.
    onwarn: ({ code, message }: { code: string; message: string }) => {
      if (code !== "THIS_IS_UNDEFINED") throw new Error(message);
    },
  });
  const { output } = await bundle.generate({ format: "es" });
  await bundle.close();
  // Rollup leaves that to others.
  return (await transform(output[0].code, { minify: true })).code;
}

async function bundleWithParcel(project: string): Promise<string> {
  // It looks at the exports of packages only when a project says so, and a lock file makes a project.
  const manifest = { private: true, "@parcel/resolver-default": { packageExports: true } };
  writeFileSync(join(project, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(project, "package-lock.json"), "{}");
  const options = ["--no-cache", "--no-source-maps", "--log-level", "warn", "--dist-dir", "out"];
  await run(
    project,
    process.execPath,
    toolFile("parcel/lib/bin.js"),
    "build",
    "app.js",
    ...options,
  );
  return readFileSync(join(project, "out/app.js"), "utf8");
}

async function bundleWithBun(project: string): Promise<string> {
  const options = ["--minify", "--outfile", "out.js"];
  await run(project, toolBinary(toolFile("@oven"), "bin/bun"), "build", "app.js", ...options);
  return readFileSync(join(project, "out.js"), "utf8");
}

function toolUrl(path: string): string {
  return pathToFileURL(toolFile(path)).href;
}
