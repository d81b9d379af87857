import { Code, createClient } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { AgentExecutionCommandController } from "../../src/agentexecution/v1.js";
import { createExecutionService } from "../../src/testing/index.js";
import { WorkflowExecutionCommandController } from "../../src/workflowexecution/v1.js";
import {
  agentKind,
  connections,
  EXECUTION_IN_PROGRESS,
  idOf,
  refusal,
  workflowKind,
} from "./fixtures.js";

const numbers = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

// Python code makes such numbers easily, and binary carries them.
describe.each(connections)("a number without a JSON form, sent over $over", ({ open }) => {
  it.each(numbers)("is refused in a workflow's status with its field: %d", async (ratio) => {
    const { transport } = await open(createExecutionService());
    const client = createClient(WorkflowExecutionCommandController, transport);
    const executionId = idOf(await client.create(workflowKind.valid()));
    const update = (status: object) =>
      client.updateStatus({ executionId, status: { phase: EXECUTION_IN_PROGRESS, ...status } });

    for (const [status, field] of [
      [{ output: { ratio } }, 'status.output["ratio"]'],
      [{ output: { all: [1, { ratio }] } }, 'status.output["all"][1]["ratio"]'],
      [{ tasks: [{}, { output: { ratio } }] }, 'status.tasks[1].output["ratio"]'],
    ] as const) {
      const error = await refusal(update(status), Code.InvalidArgument);
      expect(error.message).toContain(`${field}: must be a finite number`);
    }
    expect((await update({ output: { ratio: 0 } })).status?.output).toEqual({ ratio: 0 });
  });

  it("is refused in an agent's status with its field", async () => {
    const { transport } = await open(createExecutionService());
    const client = createClient(AgentExecutionCommandController, transport);
    const executionId = idOf(await client.create(agentKind.valid()));
    const args = { ratio: Number.NaN };
    const status = { phase: EXECUTION_IN_PROGRESS as number, toolCalls: [{ args }] };
    const error = await refusal(client.updateStatus({ executionId, status }), Code.InvalidArgument);
    expect(error.message).toContain('status.tool_calls[0].args["ratio"]: must be a finite number');
  });
});
