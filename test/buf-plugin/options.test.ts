import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, toBinary } from "@bufbuild/protobuf";
import { expect, onTestFinished, test } from "vitest";
import { descOf, service } from "./pluginrpc.js";
import { toJsonRequest, wrap } from "./request.js";
import { annotationsOf, bufPath, plugin, pluginPath, run } from "./run.js";

const source = `syntax = "proto3";
package acme.v1;
message A {
  string api_key = 1;
  string recovery_code = 2;
  repeated string stop_tokens = 3;
  Credential login = 4;
  string page_token = 5;
}
message Credential { string user = 1; }
`;

/** The fields that buf lint finds, with these options beside the plugin in buf.yaml. */
async function lint(options: string) {
  const folder = mkdtempSync(join(tmpdir(), "buf-plugin-stigmer-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "a.proto"), source);
  writeFileSync(
    join(folder, "buf.yaml"),
    `version: v2
plugins:
  - plugin: [node, ${pluginPath}]
${options}
lint:
  use: [STIGMER_SECRET_NAME_REDACTED]
`,
  );
  const result = await run(bufPath, ["lint", "--error-format", "json"], { cwd: folder });
  const fields = annotationsOf(result).map(({ message }) => /"(\w+)"/.exec(message)?.[1]);
  return { fields, stderr: result.stderr };
}

test("without options, the rule goes by the names that it knows", async () => {
  expect(await lint("")).toEqual({ fields: ["api_key", "stop_tokens"], stderr: "" });
});

test("options of buf.yaml add names and types, and take away what is known", async () => {
  const options = `    options:
      secret_names: [recovery_code, page_token]
      plain_names: stop_token
      secret_types: [acme.v1.Credential]`;
  const fields = ["api_key", "recovery_code", "login", "page_token"];
  expect(await lint(options)).toEqual({ fields, stderr: "" });
});

test.each([
  ["secret_name: [pin]", /expected options of secret_names, .+ got "secret_name"/],
  ["secret_names: true", /expected a text, or a list of texts, as option "secret_names"/],
  ["secret_names: [1, 2]", /expected a text, or a list of texts, as option "secret_names"/],
])("buf lint fails for %s, and names it", async (option, about) => {
  const { fields, stderr } = await lint(`    options:\n      ${option}`);
  expect(fields).toEqual([]);
  expect(stderr).toMatch(about);
});

test("options are read in the JSON format too", async () => {
  const desc = descOf("buf.plugin.check.v1.CheckRequest");
  const request = create(desc, {
    options: [
      {
        key: "secret_names",
        value: { listValue: { values: [{ stringValue: "pin" }, { boolValue: true }] } },
      },
    ],
  } as Record<string, unknown>);
  const json = toJsonRequest(wrap(desc.typeName, toBinary(desc, request)));
  const { stderr, code } = await plugin([`${service}/Check`, "--format", "json"], json);
  expect(code).toBe(1);
  expect(stderr).toContain('a list of texts, as option "secret_names"');
});
