import { create } from "@bufbuild/protobuf";
import { createClient, createRouterTransport } from "@connectrpc/connect";
import { ApiResourceOwnerScope } from "@stigmer/apis/apiresource";
import { type ReportResult, reportOutcome, startExecution } from "@stigmer/apis/handshake";
import { createActivityEngine, createExecutionService, pending } from "@stigmer/apis/testing";
import {
  ExecutionPhase,
  WorkflowExecutionCommandController,
  WorkflowExecutionQueryController,
  WorkflowExecutionSchema,
} from "@stigmer/apis/workflowexecution/v1";

// In place of Temporal, which temporalCompleter reaches, and of a real execution service.
const engine = createActivityEngine();
const transport = createRouterTransport(createExecutionService().routes);
const commands = createClient(WorkflowExecutionCommandController, transport);
const queries = createClient(WorkflowExecutionQueryController, transport);

/** The runner: publishes the terminal status first, and reports then. */
async function run(executionId: string): Promise<ReportResult> {
  const ended = await commands.updateStatus({
    executionId,
    status: { phase: ExecutionPhase.EXECUTION_FAILED, error: "out of stock" },
  });
  return reportOutcome(ended, engine, queries);
}

// The caller.
const request = create(WorkflowExecutionSchema, {
  apiVersion: "agentic.stigmer.ai/v1",
  kind: "WorkflowExecution",
  metadata: { id: "wex-1", ownerScope: ApiResourceOwnerScope.organization },
  spec: { workflowId: "wfl-1" },
});
let report: Promise<ReportResult> | undefined;
const activity = engine.startActivity(async ({ token }) => {
  await startExecution(request, token, { commands, queries });
  report = run("wex-1");
  return pending;
});

const result = await activity.result;
console.log(result.outcome === "failed" && result.message); // => out of stock
console.log(await report); // => reported
// A runner that does not know whether it has reported does it again.
console.log(await run("wex-1")); // => already-settled
