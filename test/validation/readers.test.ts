import { fromJson, type JsonValue, toBinary } from "@bufbuild/protobuf";
import { createClient, createRouterTransport } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import cases from "../../conformance/validation-cases.json" with { type: "json" };
import type { Execution } from "../../src/execution/execution.js";
import { isTerminal, waitForExecution } from "../../src/handshake/index.js";
import { getCallbackToken } from "../../src/index.js";
import { redact, toRedactedJson } from "../../src/redaction/index.js";
import { peekCallbackToken } from "../../src/wire/index.js";
import {
  WorkflowExecutionQueryController,
  WorkflowExecutionSchema,
} from "../../src/workflowexecution/v1.js";
import { executionWith, workflow } from "./fixtures.js";

// What a service has stored from before the rules, or from a writer that keeps none of them.
const invalid = cases.filter(
  ({ type, violations }) => type === WorkflowExecutionSchema.typeName && violations.length > 0,
);

describe("an execution that breaks a rule is read all the same", () => {
  it.each(invalid)("$name", ({ message }) => {
    const execution = fromJson(WorkflowExecutionSchema, message as JsonValue);
    expect(getCallbackToken(execution)).toBeUndefined();
    expect(isTerminal(execution)).toBe(false);
    expect(redact(WorkflowExecutionSchema, execution)).toMatchObject({ kind: execution.kind });
    toRedactedJson(WorkflowExecutionSchema, execution);
    const bytes = toBinary(WorkflowExecutionSchema, execution);
    expect(peekCallbackToken("WorkflowExecution", bytes)).toBeUndefined();
  });

  it("by who waits for it, with a time as runners in Python write it", async () => {
    const stored = executionWith(workflow, {
      api_version: "v0",
      "metadata.owner_scope": "platform",
      "status.phase": "EXECUTION_COMPLETED",
      "status.started_at": "2026-01-31T12:00:00.123456",
      "status.tasks[0].status": 99,
    });
    const transport = createRouterTransport(({ service }) => {
      service(WorkflowExecutionQueryController, {
        async *subscribe() {
          yield stored as never;
        },
      });
    });
    const queries = createClient(WorkflowExecutionQueryController, transport);
    const status = await waitForExecution("wex-1", queries);
    expect(status).toEqual((stored as Execution).status);
  });
});
