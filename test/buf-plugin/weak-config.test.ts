import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { annotationsOf, bufPath, pluginPath, run } from "./run.js";

/** What `buf breaking` finds in the file by these rules. */
async function found(rules: readonly string[], before: string, after: string) {
  const folder = mkdtempSync(join(tmpdir(), "buf-plugin-stigmer-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries({ before, after })) {
    mkdirSync(join(folder, name));
    writeFileSync(
      join(folder, name, "a.proto"),
      `syntax = "proto3"; package acme.v1; message ASpec { ${text} } message Other {}`,
    );
  }
  const config = {
    version: "v2",
    plugins: [{ plugin: ["node", pluginPath] }],
    breaking: { use: rules },
  };
  const against = ["--against", "../before", "--against-config", '{"version":"v2"}'];
  const json = ["--error-format", "json", "--config", JSON.stringify(config)];
  const result = await run(bufPath, ["breaking", ".", ...against, ...json], {
    cwd: join(folder, "after"),
  });
  return annotationsOf(result).map(({ type }) => type);
}

const token = "bytes callback_token = 7 [debug_redact = true];";
const notMoved = "STIGMER_CALLBACK_TOKEN_NOT_MOVED";

test.each([
  [["FIELD_NO_DELETE_UNLESS_NAME_RESERVED", "FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED"]],
  [["WIRE_JSON"]],
  [["WIRE"]],
])(
  "a token that is deleted and reserved is no finding of buf's %j, and one of the plugin",
  async (rules) => {
    const reserved = 'reserved 7; reserved "callback_token";';
    expect(await found(rules, token, reserved)).toEqual([]);
    expect(await found([...rules, "STIGMER"], token, reserved)).toEqual([notMoved]);
  },
);

test("one whose name alone is reserved is found by the plugin where buf asks for that only", async () => {
  const rules = ["FIELD_NO_DELETE_UNLESS_NAME_RESERVED"];
  expect(await found(rules, token, 'reserved "callback_token";')).toEqual([]);
  expect(await found([...rules, "STIGMER"], token, 'reserved "callback_token";')).toEqual([
    notMoved,
  ]);
});

test("buf does not see an extension or a custom option that is renumbered", async () => {
  const extended = (number: number, option: number) => `}
    import "google/protobuf/descriptor.proto";
    extend google.protobuf.FieldOptions { string kind = ${option}; }
    extend google.protobuf.MessageOptions { string label = ${number}; }
    message B {`;
  const all = [extended(50001, 50002), extended(50003, 50004)] as const;
  for (const category of ["FILE", "PACKAGE", "WIRE_JSON", "WIRE"]) {
    expect(await found([category], ...all)).toEqual([]);
  }
  const id = "STIGMER_EXTENSION_SAME_NUMBER";
  expect(await found(["FILE", "STIGMER"], ...all)).toEqual([id, id]);
});
