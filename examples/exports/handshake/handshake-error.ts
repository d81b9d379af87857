import { createClient, createRouterTransport } from "@connectrpc/connect";
import { HandshakeError, waitForExecution } from "@stigmer/apis/handshake";
import { createExecutionService } from "@stigmer/apis/testing";
import { WorkflowExecutionQueryController } from "@stigmer/apis/workflowexecution/v1";

// In place of the transport to a real execution service.
const transport = createRouterTransport(createExecutionService().routes);
const queries = createClient(WorkflowExecutionQueryController, transport);

try {
  await waitForExecution("order-17", queries);
} catch (error) {
  if (!(error instanceof HandshakeError)) throw error;
  console.log(error.code); // => wrong-id
  console.log(error.message); // => expected an id that starts with wex or aex, got "order-17"
}
