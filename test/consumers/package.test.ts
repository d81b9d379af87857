import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { describe, expect, inject, it } from "vitest";
import { root } from "../../scripts/buf.js";
import { entryPoints } from "./entry-points.js";
import { run } from "./run.js";

const installed = () => join(inject("core"), "node_modules/@stigmer/apis");

describe("the packed package", () => {
  it("has nothing that publint would change", async () => {
    const tarball = new Uint8Array(readFileSync(inject("tarball"))).buffer;
    const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  it("has types that attw finds right at every entry point", async () => {
    const attw = join(root, "node_modules/@arethetypeswrong/cli/dist/index.js");
    const options = ["--no-color", "--no-emoji"];
    // Fails when it finds a problem.
    const report = await run(root, process.execPath, attw, inject("tarball"), ...options);
    for (const entry of entryPoints()) expect(report).toContain(`"${entry}"`);
  });

  it("holds nothing that a user does not need", () => {
    const { size, unpackedSize, files } = inject("packed");
    const kB = (bytes: number) => `${(bytes / 1000).toFixed(0)} kB`;
    console.log(`packed ${kB(size)}, unpacked ${kB(unpackedSize)}, ${files.length} files`);
    const paths = files.map(({ path }) => path);
    const needed = [
      /^dist\/(?:cjs\/)?(?:src|gen)\/.+\.(?:js|d\.ts)$/,
      /^dist\/cjs\/package\.json$/,
      /^dist\/buf-plugin-stigmer\.js$/,
      /^(?:apis|third_party)\/.+\.proto$/,
      /^conformance\/[\w-]+\.json$/,
      /^monitoring\/[\w-]+\.(?:json|yaml)$/,
      /^codegen\//,
      /^docs\/[\w-]+\.md$/,
      /^(?:README\.md|CHANGELOG\.md|LICENSE|package\.json|buf\.yaml)$/,
    ];
    expect(paths.filter((path) => !needed.some((pattern) => pattern.test(path)))).toEqual([]);
    expect(paths.filter((path) => /[./](?:test|bench)\b|\.map$/.test(path))).toEqual([]);
    const mapped = paths.filter((path) =>
      readFileSync(join(installed(), path), "utf8").includes("sourceMappingURL"),
    );
    expect(mapped).toEqual([]);
  });
});

describe("installing the package", () => {
  it("adds two packages beside it", () => {
    const modules = join(inject("core"), "node_modules");
    const lock = JSON.parse(readFileSync(join(modules, ".package-lock.json"), "utf8"));
    expect(Object.keys(lock.packages).sort()).toEqual([
      "node_modules/@bufbuild/protobuf",
      "node_modules/@noble/hashes",
      "node_modules/@stigmer/apis",
    ]);
    expect(readdirSync(modules).filter((name) => !name.startsWith("."))).toEqual([
      "@bufbuild",
      "@noble",
      "@stigmer",
    ]);
  });

  it("puts buf's plugin where npm looks for programs", async () => {
    const plugin = join(inject("core"), "node_modules/.bin/buf-plugin-stigmer");
    expect(existsSync(plugin)).toBe(true);
    expect((await run(inject("core"), plugin, "--protocol")).trim()).toBe("1");
  });
});
