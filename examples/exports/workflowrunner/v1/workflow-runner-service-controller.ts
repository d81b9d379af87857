import { createClient, createRouterTransport } from "@connectrpc/connect";
import { WorkflowRunnerServiceController } from "@stigmer/apis/workflowrunner/v1";

const running = new Set<string>();

// A runner serves it. This one only keeps a list.
const transport = createRouterTransport(({ service }) => {
  service(WorkflowRunnerServiceController, {
    executeAsync({ workflowExecutionId }) {
      running.add(workflowExecutionId);
      return { workflowExecutionId, status: "accepted" };
    },
    cancelExecution({ executionId }) {
      running.delete(executionId);
      return {};
    },
  });
});

const runner = createClient(WorkflowRunnerServiceController, transport);
const { status } = await runner.executeAsync({ workflowExecutionId: "wex-1" });
console.log(status, [...running].join()); // => accepted wex-1
await runner.cancelExecution({ executionId: "wex-1", reason: "the order was withdrawn" });
console.log(running.size); // => 0
