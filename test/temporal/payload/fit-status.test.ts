import { clone, create, equals } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AgentExecutionStatusSchema } from "../../../src/agentexecution/v1.js";
import { schemaOf } from "../../../src/execution/schemas.js";
import { cutFieldsOf, fitStatus, leastStatus } from "../../../src/temporal/payload/fit-status.js";
import { jsonBytesOf } from "../../../src/temporal/payload/json-bytes.js";
import {
  ExecutionPhase,
  WorkflowExecutionStatusSchema,
} from "../../../src/workflowexecution/v1.js";
import { arbitraryStatus } from "./arbitrary-status.js";

const text = (bytes: number) => "x".repeat(bytes);

const workflow = create(WorkflowExecutionStatusSchema, {
  phase: ExecutionPhase.EXECUTION_FAILED,
  error: text(50_000),
  output: { text: text(60_000) },
  tasks: Array.from({ length: 10 }, (_, index) => ({
    taskId: `${index}`,
    error: text(2_000),
    input: { text: text(1_000) },
    output: { text: text(2_000) },
    metadata: { text: text(1_000) },
  })),
});

const agent = create(AgentExecutionStatusSchema, {
  phase: ExecutionPhase.EXECUTION_COMPLETED as number,
  messages: [
    { content: text(20_000), toolCalls: [{ args: { text: text(10_000) } }] },
    { content: text(30_000) },
  ],
  toolCalls: [{ id: "1", error: text(10_000), args: { text: text(10_000) }, result: text(10_000) }],
  subAgentExecutions: [{ id: "1", output: text(10_000) }],
  todos: { one: { content: text(10_000) } },
});

describe("fitStatus", () => {
  it.each([
    [150_000, ["tasks.input, tasks.output, tasks.metadata"]],
    [115_000, ["tasks.input, tasks.output, tasks.metadata", "tasks"]],
    [80_000, ["tasks.input, tasks.output, tasks.metadata", "tasks", "error"]],
    [20_000, ["tasks.input, tasks.output, tasks.metadata", "tasks", "error", "output"]],
    [10_000, ["all but the phase and the error"]],
  ])("cuts a workflow's status to %i bytes in a fixed order, its output last", (limit, cut) => {
    const fitted = fitStatus(workflow, limit);
    expect(cutFieldsOf(fitted)).toEqual(cut);
    expect(fitted.output === undefined).toBe(limit < 80_000);
    expect(fitted.tasks).toHaveLength(limit > 120_000 ? 10 : 0);
  });

  it.each([
    [81_000, ["tool_calls.args, tool_calls.result, messages.tool_calls"]],
    [
      52_000,
      [
        "tool_calls.args, tool_calls.result, messages.tool_calls",
        "tool_calls, sub_agent_executions, todos",
      ],
    ],
    [
      40_000,
      [
        "tool_calls.args, tool_calls.result, messages.tool_calls",
        "tool_calls, sub_agent_executions, todos",
        "messages but the last",
      ],
    ],
    [
      20_000,
      [
        "tool_calls.args, tool_calls.result, messages.tool_calls",
        "tool_calls, sub_agent_executions, todos",
        "messages but the last",
        "messages",
      ],
    ],
  ])("cuts an agent's status to %i bytes in a fixed order, its answer last", (limit, cut) => {
    const fitted = fitStatus(agent, limit);
    expect(cutFieldsOf(fitted)).toEqual(cut);
    const last = limit > 20_000 ? agent.messages[1]?.content : undefined;
    expect(fitted.messages.at(-1)?.content).toBe(last);
  });

  it("names only what was there", () => {
    const status = create(WorkflowExecutionStatusSchema, {
      phase: ExecutionPhase.EXECUTION_COMPLETED,
      output: { text: text(2_000) },
    });
    expect(cutFieldsOf(fitStatus(status, 1_000))).toEqual(["output"]);
  });

  it("cuts what has no JSON form like what is too large", () => {
    const status = create(WorkflowExecutionStatusSchema, {
      phase: ExecutionPhase.EXECUTION_FAILED,
      error: "out of stock",
      output: { ratio: Number.NaN },
    });
    const fitted = fitStatus(status, 1_000);
    expect(cutFieldsOf(fitted)).toEqual(["output"]);
    expect(fitted.error).toBe("out of stock");
  });

  it("leaves the status that it is given alone", () => {
    const before = clone(AgentExecutionStatusSchema, agent);
    fitStatus(agent, 20_000);
    expect(agent).toEqual(before);
  });

  it("keeps the phase and takes no more than it may, whatever the status is", () => {
    fc.assert(
      fc.property(arbitraryStatus, fc.nat(100_000), (status, limit) => {
        const fitted = fitStatus(status, limit);
        expect(fitted.phase).toBe(status.phase);
        if (jsonBytesOf(status) <= limit) {
          expect(fitted).toBe(status);
          return;
        }
        expect(cutFieldsOf(fitted)).not.toEqual([]);
        if (jsonBytesOf(fitted) <= limit) return;
        const schema = schemaOf(status);
        expect(equals(schema, fitted as never, leastStatus(status) as never)).toBe(true);
      }),
    );
  });
});

describe("leastStatus", () => {
  it("has the phase and the beginning of the error", () => {
    const least = leastStatus(workflow);
    expect(least).toMatchObject({
      phase: ExecutionPhase.EXECUTION_FAILED,
      error: `${text(16_384)}… [cut: 16384 of 50000 bytes]`,
      tasks: [],
    });
    expect(least.output).toBeUndefined();
  });
});

describe("cutFieldsOf", () => {
  it("finds nothing in a status that is whole", () => {
    expect(cutFieldsOf(workflow)).toEqual([]);
    const audit = { statusAudit: { event: "updated" } };
    expect(cutFieldsOf(create(WorkflowExecutionStatusSchema, { audit }))).toEqual([]);
  });
});
