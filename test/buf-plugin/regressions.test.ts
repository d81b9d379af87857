import { spawn } from "node:child_process";
import { describe, expect, test } from "vitest";
import { check } from "../../src/buf-plugin/check.js";
import { rules } from "../../src/buf-plugin/rules/index.js";
import { service } from "./pluginrpc.js";
import { compile, requestOf } from "./request.js";
import { plugin, pluginPath } from "./run.js";

// What the rules and the plugin got wrong once.

const header = 'syntax = "proto3";\npackage acme.v1;\n';
const redact = "[debug_redact = true]";

/** `file path RULE_ID` of each finding of a rule, the path being the one within the file. */
function findings(
  ruleId: string,
  after: Record<string, string>,
  before?: Record<string, string>,
): string[] {
  const against = before === undefined ? [] : compile(before);
  const request = requestOf({ files: compile(after), against, ruleIds: [ruleId] });
  const { annotations } = check(request, "binary", rules) as unknown as {
    annotations: { rule_id: string; file_location: { file_name: string; source_path: number[] } }[];
  };
  return annotations.map(
    ({ rule_id, file_location: { file_name, source_path } }) =>
      `${file_name} ${source_path.join(".")} ${rule_id}`,
  );
}

describe("STIGMER_REDACTION_KEPT", () => {
  const id = "STIGMER_REDACTION_KEPT";

  test("sees a redacted field that was renumbered, its old number taken by another", () => {
    const before = { "a.proto": `${header}message A { string a = 1 ${redact}; }` };
    const after = {
      "a.proto": `${header}message A { string a = 2; string c = 1 ${redact}; }`,
    };
    expect(findings(id, after, before)).toEqual(["a.proto 4.0.2.0 STIGMER_REDACTION_KEPT"]);
  });
});

describe("STIGMER_CALLBACK_TOKEN_NOT_MOVED", () => {
  const id = "STIGMER_CALLBACK_TOKEN_NOT_MOVED";
  const before = { "a.proto": `${header}message ASpec { bytes callback_token = 7 ${redact}; }` };

  test("leaves a token that was renamed in place to buf, whatever else is added", () => {
    const after = {
      "a.proto": `${header}message ASpec { bytes task_token = 7 ${redact}; }
        message BSpec { bytes callback_token = 3 ${redact}; }`,
    };
    expect(findings(id, after, before)).toEqual([]);
  });

  test("does not guess which token of other packages is the one that is gone", () => {
    const other = (name: string) => `syntax = "proto3"; package ${name}.v1;
      message BSpec { bytes callback_token = 3 ${redact}; }`;
    const after = {
      "a.proto": `${header}message ASpec { reserved 7; }`,
      "b.proto": other("one"),
      "c.proto": other("two"),
    };
    expect(findings(id, after, before)).toEqual(["a.proto 4.0 STIGMER_CALLBACK_TOKEN_NOT_MOVED"]);
  });

  test("pairs the tokens of two kinds in one package by the kind", () => {
    const kinds = (status: string, spec: string) => ({
      "a.proto": `${header}message AStatus {${status}} message BStatus {${status}}
        message ASpec {${spec}} message BSpec {${spec}}`,
    });
    const token = `bytes callback_token = 6 ${redact};`;
    expect(findings(id, kinds("", token), kinds(token, ""))).toEqual([
      "a.proto 4.2.2.0 STIGMER_CALLBACK_TOKEN_NOT_MOVED",
      "a.proto 4.3.2.0 STIGMER_CALLBACK_TOKEN_NOT_MOVED",
    ]);
  });
});

describe("the plugin", () => {
  test("follows a chain of 10,000 messages from a spec to a status", () => {
    const links = Array.from({ length: 10_000 }, (_, i) => `message M${i} { M${i + 1} m = 1; }`);
    const source = `${header}message ASpec { M0 m = 1; } message AStatus {}
      message A { string api_version = 1; string kind = 2; string metadata = 3; ASpec spec = 4; AStatus status = 5; }
      ${links.join("\n")} message M10000 { AStatus status = 1; }`;
    const id = "STIGMER_SPEC_STATUS_SEPARATE";
    expect(findings(id, { "a.proto": source })).toEqual([`a.proto 4.0.2.0 ${id}`]);
  });

  test.each([
    { args: ["--format", "--spec"], input: "" },
    { args: [`${service}/Check`, "--format", "json"], input: "a\nb\u001b[31m" },
  ])("says what is wrong in one line: $args", async ({ args, input }) => {
    const { stderr } = await plugin(args, input);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });

  test("has no stack trace when nobody reads its answer", async () => {
    const child = spawn(process.execPath, [pluginPath, `${service}/ListRules`]);
    child.stdout.destroy();
    let stderr = "";
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    await new Promise((resolve) => child.on("close", resolve));
    expect(stderr).not.toMatch(/\bat .*:\d+:\d+/);
  });
});
