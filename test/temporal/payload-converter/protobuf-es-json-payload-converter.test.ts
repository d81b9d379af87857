import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { isTerminal } from "../../../src/handshake/index.js";
import { payloadConverter } from "../../../src/temporal/payload-converter/index.js";
import {
  ExecutionPhase,
  type WorkflowExecution,
  WorkflowExecutionSchema,
  type WorkflowExecutionSpec,
} from "../../../src/workflowexecution/v1.js";
import { executionWith, payload, textOf } from "./fixtures.js";

const typeName = WorkflowExecutionSchema.typeName;

describe("a message as JSON", () => {
  it("has the names and forms of proto3's JSON format", () => {
    const message = create(WorkflowExecutionSchema, {
      spec: executionWith(Uint8Array.of(251, 255)).spec as WorkflowExecutionSpec,
      status: { phase: ExecutionPhase.EXECUTION_IN_PROGRESS, output: { a: [1, null] } },
    });
    expect(JSON.parse(textOf(payloadConverter.toPayload(message).data))).toEqual({
      spec: { workflowId: "wfl-1", callbackToken: "+/8=" },
      status: { phase: "EXECUTION_IN_PROGRESS", output: { a: [1, null] } },
    });
  });

  it.each([
    ["proto names", '{"spec":{"workflow_id":"wfl-1","callback_token":"+/8="}}'],
    ["URL-safe Base64 without padding", '{"spec":{"workflowId":"wfl-1","callbackToken":"-_8"}}'],
    [
      "default values and nulls",
      '{"kind":"","metadata":null,"spec":{"workflowId":"wfl-1","callbackToken":"+/8="}}',
    ],
    ["a byte-order mark", '\uFEFF{"spec":{"workflowId":"wfl-1","callbackToken":"+/8="}}'],
  ])("is read with %s", (_, json) => {
    expect(read(json)).toEqual(executionWith(Uint8Array.of(251, 255)));
  });

  it.each([
    ["field", '{"kind":"k","future":{"a":[1]}}'],
    ["field of a field", '{"kind":"k","spec":{"future":"sk-1"}}'],
    ["extension", '{"kind":"k","[a.b.ext]":1}'],
    ["enum value", '{"kind":"k","status":{"phase":"EXECUTION_OF_LATER"}}'],
  ])("of a newer contract is read without the %s that is unknown", (_, json) => {
    const message = read(json);
    expect(message.kind).toBe("k");
    expect(message.status?.phase ?? 0).toBe(0);
    expect(isTerminal(message)).toBe(false);
  });

  it("of a newer contract keeps an enum value that comes as a number", () => {
    const message = read('{"status":{"phase":77}}');
    expect(message.status?.phase).toBe(77);
    expect(isTerminal(message)).toBe(false);
  });
});

function read(json: string): WorkflowExecution {
  return payloadConverter.fromPayload(payload("json/protobuf", typeName, json));
}
