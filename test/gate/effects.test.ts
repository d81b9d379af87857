import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  createFileRegistry,
  type DescMessage,
  type FileRegistry,
  fromBinary,
  fromJson,
  type JsonValue,
  toBinary,
} from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import { redact, toRedactedJson } from "../../src/redaction/index.js";
import { bufPath } from "../buf-plugin/run.js";
import { apis, mutations } from "./mutations.js";
import { type Apis, replaced } from "./mutations-apis.js";
import { mutated } from "./mutations-check.js";

// What the gate says breaks, on bytes: written by the contract as it was, read by the one that a row of
// the matrix makes of it, and redacted as a log would be.

function compile(all: Apis): FileRegistry {
  const folder = mkdtempSync(join(tmpdir(), "stigmer-effects-"));
  try {
    for (const [path, text] of Object.entries(all)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const args = ["build", folder, "--as-file-descriptor-set", "-o", "-"];
    return createFileRegistry(fromBinary(FileDescriptorSetSchema, execFileSync(bufPath, args)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const workflow = "ai.stigmer.agentic.workflowexecution";
const name = `${workflow}.v1.WorkflowExecution`;

function schemaOf(registry: FileRegistry, typeName = name): DescMessage {
  const schema = registry.getMessage(typeName);
  if (schema === undefined) throw new Error(`no ${typeName}`);
  return schema;
}

function afterRow(kind: string, element: string): FileRegistry {
  const row = mutations.find((it) => it.kind === kind && it.element === element);
  if (row === undefined) throw new Error(`no row ${kind}: ${element}`);
  return compile(mutated(apis, [row]));
}

const path = "ai/stigmer/agentic/workflowexecution/v1/api.proto";
const today = compile(apis);
// As it was before the token moved to the spec.
const before = compile(
  [
    replaced(path, "  reserved 11;\n", "  bytes callback_token = 11 [debug_redact = true];\n"),
    replaced(path, '  reserved "callback_token";\n', ""),
  ].reduce((all, edit) => edit(all), apis),
);

const secret = "task-token-of-a-waiting-activity";
const base64 = Buffer.from(secret).toString("base64");
const inStatus = { status: { callbackToken: base64 } };
const inSpec = { spec: { callbackToken: base64 } };
const inValue = { spec: { runtimeEnv: { KEY: { value: secret, isSecret: true } } } };

/** What a reader with the other descriptors prints of the bytes, by either function of `/redaction`. */
function printed(
  written: JsonValue,
  writer: FileRegistry,
  reader: FileRegistry,
  as: string = name,
): string {
  const bytes = toBinary(schemaOf(writer), fromJson(schemaOf(writer), written));
  const schema = schemaOf(reader, as);
  const message = fromBinary(schema, bytes);
  const shown = JSON.stringify(toRedactedJson(schema, message));
  expect(shown.includes(secret) || shown.includes(base64)).toBe(
    Buffer.from(toBinary(schema, redact(schema, message))).includes(secret),
  );
  return shown;
}

describe("a log of old bytes", () => {
  it.each([
    ["a former token", inStatus, before],
    ["a token", inSpec, today],
    ["a secret value", inValue, today],
  ])("shows no %s today", (_, written, writer) => {
    const shown = printed(written, writer, today);
    expect(shown).not.toContain(secret);
    expect(shown).not.toContain(base64);
  });

  it.each([
    ["give the former token's number to another field", "WorkflowExecutionStatus 11", inStatus],
    [
      "rename the status, give the former token's number to another field",
      "WorkflowExecutionStatus 11",
      inStatus,
    ],
    [
      "rename the spec and its token, drop debug_redact",
      "WorkflowExecutionSpec.callback_token",
      inSpec,
    ],
    ["rename a message and its fields, drop debug_redact", "ExecutionValue", inValue],
    ["drop debug_redact from a field", "WorkflowExecutionSpec.callback_token", inSpec],
    ["drop debug_redact from a field", "ExecutionValue.value", inValue],
    ["give the token's number to another field", "WorkflowExecutionSpec 7", inSpec],
    ["swap the numbers of a resource's spec and status", "WorkflowExecution", inSpec],
  ])("shows a secret after: %s (%s)", (kind, element, written) => {
    const shown = printed(written, before, afterRow(kind, element));
    expect(shown.includes(secret) || shown.includes(base64)).toBe(true);
  });

  it("shows a former token where a second version uses its number", () => {
    const kind = "add a version of a resource, its token renumbered, the former number used";
    const reader = afterRow(kind, "workflowexecution/v2");
    expect(printed(inStatus, before, reader, `${workflow}.v2.WorkflowExecution`)).toContain(secret);
  });
});

describe("a secret by another name", () => {
  const runner = "ai.stigmer.agentic.workflowrunner.v1.WorkflowExecuteInput";

  it.each([
    ["add headers, without debug_redact", "WorkflowExecuteInput", { authorization: secret }],
    ["add a secret by another name, with debug_redact", "WorkflowExecuteInput api_key", secret],
  ])("is hidden by the option alone: %s", (kind, element, value) => {
    const schema = schemaOf(afterRow(kind, element), runner);
    const field = typeof value === "string" ? "apiKey" : "headers";
    const shown = JSON.stringify(toRedactedJson(schema, fromJson(schema, { [field]: value })));
    expect(shown.includes(secret)).toBe(!kind.includes("with debug_redact"));
  });
});

describe("a reader of old bytes", () => {
  const tokenKey = /"callbackToken"/;

  it("finds the token today", () => {
    expect(printed(inSpec, today, today)).toMatch(tokenKey);
  });

  it.each([
    ["renumber a field", "WorkflowExecutionSpec.callback_token"],
    ["delete a field", "WorkflowExecutionSpec.callback_token"],
    ["delete a field, reserve its number and name", "WorkflowExecutionSpec.callback_token"],
    ["rename the spec, renumber its token", "WorkflowExecutionSpec.callback_token"],
    ["rename the spec, delete its token", "WorkflowExecutionSpec.callback_token"],
    ["move the token to another package", "WorkflowExecuteInput"],
  ])("finds no token after: %s (%s)", (kind, element) => {
    expect(printed(inSpec, today, afterRow(kind, element))).not.toMatch(tokenKey);
  });

  it("finds no token where a second version has renumbered it", () => {
    const kind = "add a version of a resource, its token renumbered, the former number used";
    const reader = afterRow(kind, "workflowexecution/v2");
    const as = `${workflow}.v2.WorkflowExecution`;
    expect(printed(inSpec, today, reader, as)).not.toMatch(tokenKey);
  });
});
