import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { build as esbuild } from "esbuild";
import { build as vite } from "vite";
import { describe, expect, inject, it } from "vitest";
import { createProject } from "./project.js";
import { run } from "./run.js";

const bundlers = [
  { name: "esbuild", bundle: bundleWithEsbuild },
  { name: "Vite", bundle: bundleWithVite },
] as const;

describe.each(bundlers)("$name makes a bundle", ({ bundle }) => {
  const make = async (app: string, others: Readonly<Record<string, string>> = {}) => {
    const html = '<!doctype html><script type="module" src="app.js"></script>';
    const copies = { "app.js": app, ...others };
    const project = createProject(inject("core"), copies, { "index.html": html });
    const code = await bundle(project);
    writeFileSync(join(project, "bundle.mjs"), code);
    const output = await run(project, process.execPath, "bundle.mjs");
    return { ...contentsOf(code), size: code.length, output: output.trim() };
  };

  it("without a service stub for an app that only reads tokens", async () => {
    const { protos, services, output } = await make("read-token.js");
    expect(output).toBe("3 bytes, sha256:039058c6");
    expect(services).toEqual([]);
    expect(protos).toContain("agentic/workflowexecution/v1/spec.proto");
    expect(protos.filter((file) => /(?:command|query|interface|io)\.proto$/.test(file))).toEqual(
      [],
    );
    expect(protos.filter((file) => /agentexecution|workflowrunner/.test(file))).toEqual([]);
  });

  it("without any stub for an app that reads tokens from encoded bytes", async () => {
    const { protos, services, size, output } = await make("peek-token.js");
    expect(output).toBe("1,2,3");
    expect({ protos, services }).toEqual({ protos: [], services: [] });
    expect(size).toBeLessThan(3_000);
  });

  it("with one service stub for an app that calls one service", async () => {
    const { services, output } = await make("call-service.js");
    expect(output).toBe("ai.stigmer.agentic.workflowexecution.v1.WorkflowExecution");
    expect(services).toEqual(["WorkflowExecutionQueryController"]);
  });

  it("with one instance of what is imported and required", async () => {
    const { output } = await make("import-and-require.js", { "required.cjs": "required.cjs" });
    expect(output).toBe("one instance");
  });
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
