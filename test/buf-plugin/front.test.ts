import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { service } from "./pluginrpc.js";
import { plugin, root, run } from "./run.js";

const front = join(root, "dist/buf-plugin-stigmer.js");

const questions = [
  ["--protocol"],
  ["--spec", "--format", "binary"],
  [`${service}/ListRules`, "--format", "binary"],
  [`${service}/ListCategories`, "--format", "binary"],
];
// Nothing that is known beforehand.
const others = [
  ["--spec", "--format", "json"],
  [`${service}/ListRules`, "--format", "json"],
  [`${service}/Check`, "--format", "binary"],
  ["--help"],
  ["--version"],
  ["--verbose"],
  ["--protocol", "--format", "*"],
  [],
];

test.each([
  ["its own first line", front, []],
  ["sh", "sh", [front]],
  ["Node", process.execPath, [front]],
])("run by %s, it answers as the plugin does", async (_, command, args) => {
  for (const question of [...questions, ...others]) {
    expect(await run(command, [...args, ...question], { input: "" })).toEqual(
      await plugin(question, ""),
    );
  }
});

test("a shell has all that buf asks for before it checks, without Node", async () => {
  for (const question of questions) {
    const { code, stdout } = await run("/bin/sh", [front, ...question], { env: { PATH: "" } });
    expect({ code, stdout }).toEqual({ code: 0, stdout: (await plugin(question)).stdout });
  }
});

test("it finds the rest of itself through links, and where a space is in its path", async () => {
  const folder = mkdtempSync(join(tmpdir(), "buf plugin stigmer "));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(join(root, "dist"), join(folder, "dist"), { recursive: true });
  cpSync(join(root, "package.json"), join(folder, "package.json"));
  symlinkSync("dist/buf-plugin-stigmer.js", join(folder, "relative"));
  symlinkSync(join(folder, "relative"), join(folder, "absolute"));
  const version = { code: 0, stdout: Buffer.from(`${manifest.version}\n`), stderr: "" };
  for (const path of ["dist/buf-plugin-stigmer.js", "relative", "absolute"]) {
    expect(await run(join(folder, path), ["--version"])).toEqual(version);
    expect(await run("sh", [path, "--version"], { cwd: folder })).toEqual(version);
  }
  const PATH = `${join(folder, "dist")}:${process.env.PATH}`;
  expect(await run("buf-plugin-stigmer.js", ["--version"], { env: { PATH } })).toEqual(version);
});
