import { createClient, createRouterTransport } from "@connectrpc/connect";
import { ApiResourceOwnerScope } from "@stigmer/apis/apiresource";
import { createExecutionService } from "@stigmer/apis/testing";
import {
  ExecutionPhase,
  WorkflowExecutionCommandController,
  WorkflowExecutionQueryController,
} from "@stigmer/apis/workflowexecution/v1";
import { WorkflowRunnerServiceController } from "@stigmer/apis/workflowrunner/v1";

const service = createExecutionService({
  // What the runner's executeAsync runs.
  run: async ({ workflowExecutionId: executionId }, { untilResumed }) => {
    for (const phase of ["EXECUTION_IN_PROGRESS", "EXECUTION_COMPLETED"] as const) {
      await untilResumed();
      await commands.updateStatus({ executionId, status: { phase: ExecutionPhase[phase] } });
    }
  },
});

// Without a port. For a real server: connectNodeAdapter({ routes: service.routes }).
const transport = createRouterTransport(service.routes);
const commands = createClient(WorkflowExecutionCommandController, transport);
const queries = createClient(WorkflowExecutionQueryController, transport);
const runner = createClient(WorkflowRunnerServiceController, transport);

const { metadata } = await commands.create({
  apiVersion: "agentic.stigmer.ai/v1",
  kind: "WorkflowExecution",
  metadata: { ownerScope: ApiResourceOwnerScope.organization },
  spec: { workflowId: "wfl-1" },
});
const id = metadata?.id ?? "";
await runner.executeAsync({ workflowExecutionId: id });

for await (const { status } of queries.subscribe({ executionId: id })) {
  if (status?.phase === ExecutionPhase.EXECUTION_COMPLETED) console.log("completed"); // => completed
}
await service.stop();
