import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { create } from "@bufbuild/protobuf";
import { AgentExecutionSchema, AgentExecutionStatusSchema } from "@stigmer/apis/agentexecution/v1";
import { ApiResourceOwnerScope } from "@stigmer/apis/apiresource";
import {
  ExecutionPhase,
  WorkflowExecutionSchema,
  WorkflowExecutionStatusSchema,
} from "@stigmer/apis/workflowexecution/v1";
import type { PayloadConverter } from "@temporalio/common";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createReleased, current } from "./released.js";

// No token: nobody waits with it.
const callbackToken = Uint8Array.from({ length: 132 }, (_, index) => 255 - index);
const metadata = { id: "wex-1", ownerScope: ApiResourceOwnerScope.organization, tags: ["a", "ä"] };

/** What the activities and the workflows of this package take and give. */
const values: [name: string, value: unknown][] = [
  [
    "a WorkflowExecution",
    create(WorkflowExecutionSchema, {
      ...{ apiVersion: "agentic.stigmer.ai/v1", kind: "WorkflowExecution", metadata },
      spec: {
        workflowId: "wfl-1",
        callbackToken,
        runtimeEnv: { API_KEY: { value: "sk-of-a-test", isSecret: true } },
      },
      status: { phase: ExecutionPhase.EXECUTION_IN_PROGRESS },
    }),
  ],
  [
    "a WorkflowExecutionStatus",
    create(WorkflowExecutionStatusSchema, {
      phase: ExecutionPhase.EXECUTION_COMPLETED,
      startedAt: "2026-11-27T12:00:00Z",
      tasks: [{}],
      output: { answer: "shipped", of: [1, null, true, { deep: "ß" }] },
    }),
  ],
  [
    "an AgentExecution",
    create(AgentExecutionSchema, { spec: { agentId: "agt-1", message: "hello", callbackToken } }),
  ],
  [
    "an AgentExecutionStatus",
    create(AgentExecutionStatusSchema, {
      messages: [{ content: "on Monday", metadata: { of: "the shop" } }],
      todos: { first: { content: "ask" } },
    }),
  ],
  ["bytes", callbackToken],
  ["a text", "out of stock"],
  ["an object", { executionId: "wex-1", isCancelling: false }],
  ["nothing", undefined],
];

let project: ReturnType<typeof createReleased>;
let released: PayloadConverter;
let present: PayloadConverter;

async function converterOf(folder: string): Promise<PayloadConverter> {
  const path = createRequire(folder).resolve("@stigmer/apis/temporal/payload-converter");
  return (await import(pathToFileURL(path).href)).payloadConverter;
}

beforeAll(async () => {
  project = createReleased();
  released = await converterOf(project.folder);
  present = await converterOf(current);
});
afterAll(() => project?.remove());

test("the two converters are of two versions", () => {
  expect(released).not.toBe(present);
});

test.each(values)("%s of the released version is read", (_name, value) => {
  expect(present.fromPayload(released.toPayload(value))).toEqual(value);
});

test.each(values)("%s is read by the released version", (_name, value) => {
  const read = released.fromPayload(present.toPayload(value));
  expect(present.fromPayload(released.toPayload(read))).toEqual(value);
});
