import { create, type DescMessage, fromJson, type JsonObject } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as agents from "../../src/agentexecution/v1.js";
import { ApiResourceIdSchema } from "../../src/apiresource.js";
import { ExecutionContextSpecSchema } from "../../src/executioncontext/v1.js";
import { validateMessage } from "../../src/validation/validate-message.js";
import * as workflows from "../../src/workflowexecution/v1.js";
import * as runners from "../../src/workflowrunner/v1.js";
import { contractFiles } from "./fixtures.js";

const ids = ["value", "execution_id", "workflow_id", "session_id", "workflow_execution_id"];

// Specs have rules of their own for the ids in them.
const requests = contractFiles
  .flatMap((file) => file.messages)
  .filter((desc) => !desc.fields.some(({ name }) => name === "callback_token"))
  .flatMap((desc) => desc.fields.map((field) => ({ desc, field })))
  .filter(({ desc, field: { name, scalar } }) => {
    const isResponse = desc.name.endsWith("Response");
    return ids.includes(name) && scalar !== undefined && !isResponse;
  })
  .map(({ desc, field }) => ({ desc, name: desc.name, field: field.name }));

const lists: [DescMessage, JsonObject][] = [
  [workflows.ListWorkflowExecutionsRequestSchema, {}],
  [workflows.ListWorkflowExecutionsByWorkflowRequestSchema, { workflow_id: "wfl-1" }],
  [agents.ListAgentExecutionsRequestSchema, {}],
  [agents.ListAgentExecutionsBySessionRequestSchema, { session_id: "ses-1" }],
];

/** The fields that hold any JSON, by their messages. */
const structs = contractFiles
  .flatMap((file) => file.messages)
  .flatMap((desc) => desc.fields.map((field) => ({ desc, field })))
  .filter(({ field }) => field.message?.typeName === "google.protobuf.Struct")
  .map(({ desc, field }) => ({ desc, name: `${desc.name}.${field.name}`, field }));

const updates: DescMessage[] = [
  workflows.WorkflowExecutionUpdateStatusInputSchema,
  agents.AgentExecutionUpdateStatusInputSchema,
];

describe("validateMessage", () => {
  it("knows the requests by their ids", () => {
    expect(requests.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        "ApiResourceId",
        "WorkflowExecutionId",
        "SubscribeWorkflowExecutionRequest",
        "ListAgentExecutionsBySessionRequest",
        "AgentExecutionUpdateStatusInput",
        "WorkflowExecuteInput",
        "CancelExecutionRequest",
      ]),
    );
  });

  it.each(requests)("refuses a $name with an empty $field", ({ desc, field }) => {
    expect(validateMessage(create(desc))).toContainEqual({
      field,
      rule: "string.min_len",
      message: expect.stringMatching(/^must be at least 1 characters/),
    });
  });

  it.each<[DescMessage, JsonObject]>([
    [ApiResourceIdSchema, { value: "wex-1" }],
    [workflows.SubscribeWorkflowExecutionRequestSchema, { execution_id: "wex-1" }],
    [runners.WorkflowExecuteInputSchema, { workflow_execution_id: "wex-1" }],
    [runners.CancelExecutionRequestSchema, { execution_id: "wex-1" }],
    [ExecutionContextSpecSchema, { execution_id: "wex-1", data: { A: { value: "b" } } }],
    [
      workflows.WorkflowExecutionUpdateStatusInputSchema,
      { execution_id: "wex-1", status: { phase: "EXECUTION_PENDING" } },
    ],
    ...lists,
  ])("finds nothing in a valid request (%#)", (desc, json) => {
    expect(validateMessage(fromJson(desc, json))).toEqual([]);
  });

  it.each(lists)("allows pages of 0 to 100 in a list request (%#)", (desc, json) => {
    fc.assert(
      fc.property(fc.oneof(fc.integer(), fc.integer({ min: -5, max: 105 })), (size) => {
        const request = fromJson(desc, { ...json, page_size: size });
        const message = `must be greater than or equal to 0 and less than or equal to 100, got ${size}`;
        expect(validateMessage(request)).toEqual(
          size >= 0 && size <= 100 ? [] : [{ field: "page_size", rule: "int32.gte_lte", message }],
        );
      }),
    );
  });

  it.each(lists)("allows a page's number as page token in a list request (%#)", (desc, json) => {
    const check = (token: string) =>
      validateMessage(fromJson(desc, { ...json, page_token: token }));
    expect(["", "1", "2", "1000"].flatMap(check)).toEqual([]);
    const bad = [
      "0",
      "-1",
      "01",
      "1.5",
      "1e3",
      "0x1",
      " 1",
      "1\n",
      "\uff11",
      "next",
      "9".repeat(20),
    ];
    expect(bad.flatMap(check)).toEqual(
      bad.map((token) => ({
        field: "page_token",
        rule: "string.page_number",
        message: `must be empty or a page's number from 1, got ${JSON.stringify(token)}`,
      })),
    );
  });

  it.each([workflows.ListWorkflowExecutionsRequestSchema, agents.ListAgentExecutionsRequestSchema])(
    "refuses an undefined phase in a $name",
    (desc) => {
      expect(validateMessage(fromJson(desc, { phase: 6 }))).toEqual([
        {
          field: "phase",
          rule: "enum.defined_only",
          message: "value must be one of the defined enum values, got 6",
        },
      ]);
    },
  );

  it.each(updates)("wants a status with a phase in a $name", (desc) => {
    const check = (json: JsonObject) =>
      validateMessage(fromJson(desc, { execution_id: "x", ...json }));
    expect(check({})).toEqual([
      { field: "status", rule: "required", message: "value is required" },
    ]);
    expect(check({ status: {} })).toEqual([
      { field: "status", rule: "status.phase", message: "phase must be specified" },
    ]);
  });

  it.each(updates)("looks into the status of a $name", (desc) => {
    const json = { execution_id: "x", status: { phase: 2, started_at: "now" } };
    expect(validateMessage(fromJson(desc, json))).toMatchObject([
      { field: "status.started_at", rule: "string.rfc3339_utc" },
    ]);
  });

  it.each(["1", "2026-01-31T12:00:00.1"])("says little of a time of megabytes: %s…", (start) => {
    const timestamp = `${start}${"1".repeat(5_000_000)}`;
    const [violation, ...others] = validateMessage(
      create(agents.AgentMessageSchema, { timestamp }),
    );
    expect(others).toEqual([]);
    expect(violation).toMatchObject({ field: "timestamp", rule: "string.rfc3339_utc" });
    expect(violation?.message.length).toBeLessThan(200);
  });

  it.each(structs)("refuses a number in $name that JSON has no form for", ({ desc, field }) => {
    // Of another kind than one message, such a field would not be looked at.
    expect(field.fieldKind).toBe("message");
    for (const number of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const message = create(desc, { [field.localName]: { rows: [0, { a: number }] } } as never);
      expect(validateMessage(message)).toContainEqual({
        field: `${field.name}["rows"][1]["a"]`,
        rule: "number.finite",
        message: "must be a finite number, because JSON has no other",
      });
    }
    const finite = create(desc, { [field.localName]: { rows: [0, null, "NaN"] } } as never);
    expect(validateMessage(finite).map(({ rule }) => rule)).not.toContain("number.finite");
  });

  it.each(structs)("refuses more than 30 levels in $name", ({ desc, field }) => {
    const withDepth = (depth: number) => {
      let struct = {};
      for (let i = 1; i < depth; i++) struct = { a: struct };
      return validateMessage(create(desc, { [field.localName]: struct } as never));
    };
    const tooDeep = {
      field: `${field.name}${'["a"]'.repeat(30)}`,
      rule: "struct.max_depth",
      message: "must be at most 30 levels deep, because decoders refuse more",
    };
    expect(withDepth(31)).toContainEqual(tooDeep);
    expect(withDepth(100_000)).toContainEqual(tooDeep);
    expect(withDepth(30)).not.toContainEqual(expect.objectContaining({ rule: tooDeep.rule }));
  });

  it("knows the fields that hold any JSON", () => {
    expect(structs.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["WorkflowExecutionStatus.output", "WorkflowTask.output"]),
    );
  });

  it("says where in an execution a number is that JSON has no form for", () => {
    const desc = workflows.WorkflowExecutionSchema;
    const execution = create(desc, {
      apiVersion: "agentic.stigmer.ai/v1",
      kind: "WorkflowExecution",
      metadata: { ownerScope: 1 },
      spec: { workflowId: "wfl-1" },
      status: { tasks: [{}, { output: { 'a "b"': [Number.NaN, Number.NaN] } }] },
    });
    expect(
      validateMessage(execution)
        .filter(({ rule }) => rule === "number.finite")
        .map(({ field }) => field),
    ).toEqual(['status.tasks[1].output["a \\"b\\""][0]']);
  });
});
