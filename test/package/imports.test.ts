import { readdir, readFile } from "node:fs/promises";
import { join, posix, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import {
  allowed,
  factsOfExecution,
  protobuf,
  protoPackages,
  shared,
  sharedFolders,
} from "./import-rules.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Import {
  readonly file: string;
  readonly target: string;
}

describe("the imports of the package", () => {
  let imports: Import[];

  beforeAll(async () => {
    const files = (await Promise.all(["src", "gen"].map(sources))).flat();
    imports = (await Promise.all(files.map(importsOf))).flat();
  });

  it("are found", () => {
    expect(imports).toEqual(
      expect.arrayContaining([
        { file: "src/token/set-callback-token.ts", target: protobuf },
        { file: "src/token/set-callback-token.ts", target: "src/execution/execution.ts" },
        { file: "src/index.ts", target: "src/token/index.ts" },
        { file: "src/testing/execution-service.ts", target: "@connectrpc/connect" },
        {
          file: "src/workflowrunner/v1.ts",
          target: "gen/ai/stigmer/agentic/workflowrunner/v1/io_pb.ts",
        },
      ]),
    );
  });

  it("point one way", () => {
    expect(forbidden(imports)).toEqual([]);
  });
});

describe("a folder", () => {
  it("is reached by its index, or by what it shares", async () => {
    const files = await sources("src");
    const imports = (await Promise.all(files.map(importsOf))).flat();
    const inner = imports.filter(
      ({ file, target }) =>
        target.startsWith("src/") &&
        !file.startsWith(`${posix.dirname(target)}/`) &&
        !/\/(index|v1)\.ts$/.test(target) &&
        !sharedFolders.includes(posix.dirname(target)),
    );
    const expected = Object.entries(shared).flatMap(([folder, names]) =>
      names.map((name) => `${folder}/${name}.ts`),
    );
    const found = new Set(
      inner
        // The rules of the plugin stand in a folder of their own.
        .filter(
          ({ file, target }) =>
            !file.startsWith("src/buf-plugin/rules/") || !target.startsWith("src/buf-plugin/"),
        )
        .map(({ target }) => target),
    );
    expect([...found].sort()).toEqual(expected.sort());
  });
});

describe("the check of the imports", () => {
  it.each([
    ["token", 'import { reportOutcome } from "../handshake/index.js";', "src/handshake/index.ts"],
    ["handshake", 'import {\n  Code,\n} from "@connectrpc/connect";', "@connectrpc/connect"],
    ["handshake", 'import "../testing/index.js";', "src/testing/index.ts"],
    ["token", 'export { hash } from "node:crypto";', "node:crypto"],
    ["testing", 'const { join } = await import("node:path");', "node:path"],
    ["wire", 'import type { CallbackToken } from "../token/index.js";', "src/token/index.ts"],
    ["wire", 'import { copyOf } from "../execution/copy-of.js";', "src/execution/copy-of.ts"],
    ["new-part", 'import "@bufbuild/protobuf";', "@bufbuild/protobuf"],
  ])("refuses what %s may not import: %s", (part, text, target) => {
    const file = `src/${part}/module.ts`;
    expect(forbidden(parse(file, text))).toEqual([`${file} imports ${target}`]);
  });

  it("allows what the table allows", () => {
    const text =
      'import "./sleep.js"; import "../token/index.js"; import "../execution/execution.js";';
    expect(forbidden(parse("src/handshake/module.ts", text))).toEqual([]);
  });
});

function forbidden(imports: readonly Import[]): string[] {
  return imports
    .filter(({ file, target }) => {
      const [from, to] = [partOf(file), partOf(target)];
      const known = allowed[from];
      return known === undefined || (from !== to && !known.includes(to));
    })
    .map(({ file, target }) => `${file} imports ${target}`);
}

/** The part that a file of the package belongs to, or the name of an npm package. */
function partOf(target: string): string {
  if (target.startsWith("gen/")) return "gen";
  if (!target.startsWith("src/")) {
    const [scope = "", name] = target.split("/");
    if (scope === "@temporalio") return scope;
    return scope.startsWith("@") ? `${scope}/${name}` : scope;
  }
  const [, first = ""] = target.replace(/\.ts$/, "").split("/");
  if (protoPackages.includes(first)) return "proto package";
  const isRootModule = !target.slice("src/".length).includes("/");
  const isFact = isRootModule || factsOfExecution.includes(target);
  return isFact && first !== "index" ? "facts" : first;
}

async function sources(folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll(sep, "/"));
}

async function importsOf(file: string): Promise<Import[]> {
  return parse(file, await readFile(join(root, file), "utf8"));
}

function parse(file: string, text: string): Import[] {
  const specifiers = text.matchAll(/\b(?:from|import)\s*\(?\s*["']([^"']+)["']/g);
  return [...specifiers].map(([, specifier = ""]) => ({
    file,
    target: specifier.startsWith(".")
      ? posix.join(posix.dirname(file), specifier).replace(/\.js$/, ".ts")
      : specifier,
  }));
}
