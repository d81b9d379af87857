import { Code, ConnectError, createClient, createRouterTransport } from "@connectrpc/connect";
import { createExecutionService } from "@stigmer/apis/testing";
import {
  ExecutionPhase,
  WorkflowExecutionQueryController,
} from "@stigmer/apis/workflowexecution/v1";

// For a real service: createConnectTransport({ baseUrl, httpVersion: "2" }) of @connectrpc/connect-node.
const transport = createRouterTransport(createExecutionService().routes);
const queries = createClient(WorkflowExecutionQueryController, transport);

const { entries, totalPages } = await queries.list({
  phase: ExecutionPhase.EXECUTION_FAILED,
  tags: ["nightly"],
});
console.log(entries.length, totalPages); // => 0 0

try {
  for await (const { status } of queries.subscribe({ executionId: "wex-unknown" })) {
    console.log(status?.phase);
  }
} catch (error) {
  console.log(Code[ConnectError.from(error).code]); // => NotFound
}
