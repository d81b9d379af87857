import { setImmediate } from "node:timers/promises";
import { Code, ConnectError } from "@connectrpc/connect";
import { Client, Connection } from "@temporalio/client";
import { defaultPayloadConverter, toPayloads } from "@temporalio/common";
import { afterAll, expect, test } from "vitest";
import type { ExecutionReaders } from "../../../src/temporal/execution-clients.js";
import { listOpenHandshakes } from "../../../src/temporal/open-handshakes/list-open-handshakes.js";

// Never asked: what a server would answer is given below.
const connection = Connection.lazy({ address: "127.0.0.1:1" });
afterAll(() => connection.close());

/** Of a server with as many workflows that wait for as many executions each. */
function clientOf(workflows: number, executions: number): Client {
  const client = new Client({ connection });
  async function* list() {
    for (let index = 0; index < workflows; index++) {
      yield { workflowId: `order-${index}`, runId: "", type: "order" };
    }
  }
  const describeWorkflowExecution = async ({
    execution,
  }: {
    execution: { workflowId: string };
  }) => ({
    pendingActivities: Array.from({ length: executions }, (_, index) => {
      const details = { executionId: `wex-${execution.workflowId}-${index}` };
      const payloads = toPayloads(defaultPayloadConverter, details);
      return { activityType: { name: "ExecuteWorkflow" }, heartbeatDetails: { payloads } };
    }),
  });
  return {
    options: client.options,
    workflow: { list },
    workflowService: { describeWorkflowExecution },
  } as unknown as Client;
}

test("looks at no other handshake once its consumer stops", async () => {
  const read: string[] = [];
  const queries = {
    get: async ({ value }: { value: string }) => {
      read.push(value);
      await setImmediate();
      throw new ConnectError("deleted", Code.NotFound);
    },
  };
  const executions = { workflow: { queries }, agent: { queries } } as unknown as ExecutionReaders;
  for await (const { executionId, state } of listOpenHandshakes(clientOf(20, 20), { executions })) {
    expect([executionId, state]).toEqual(["wex-order-0-0", "deleted"]);
    break;
  }
  const before = read.length;
  for (let turn = 0; turn < 100; turn++) await setImmediate();
  expect(read).toHaveLength(before);
});
