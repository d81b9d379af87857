import type { Client } from "@temporalio/client";
import { expect, test } from "vitest";
import { runnerReport } from "../../../src/temporal/open-handshakes/runner-report.js";

/** Of a server that says this of every workflow, and has no history of it. */
function clientOf(status: number): Client {
  const workflowService = {
    describeWorkflowExecution: async () => ({ workflowExecutionInfo: { status } }),
    getWorkflowExecutionHistoryReverse: async () => ({}),
  };
  return { options: { namespace: "default" }, workflowService } as unknown as Client;
}

test.each([
  [1, "RUNNING", false],
  [8, "PAUSED", false],
  [5, "TERMINATED", true],
  [99, "in status 99", true],
])("a workflow in status %i is %s", async (status, name, hasEnded) => {
  const detail = `workflow wex-1 is ${name}`;
  expect(await runnerReport(clientOf(status), ["wex-1"])).toEqual({ detail, hasEnded });
});
