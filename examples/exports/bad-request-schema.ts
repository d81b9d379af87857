import { Code, ConnectError, createClient, createRouterTransport } from "@connectrpc/connect";
import { BadRequestSchema } from "@stigmer/apis";
import { createExecutionService } from "@stigmer/apis/testing";
import { WorkflowExecutionCommandController } from "@stigmer/apis/workflowexecution/v1";

const transport = createRouterTransport(createExecutionService().routes);
const commands = createClient(WorkflowExecutionCommandController, transport);

try {
  await commands.create({ apiVersion: "agentic.stigmer.ai/v1" });
} catch (error) {
  if (!(error instanceof ConnectError) || error.code !== Code.InvalidArgument) throw error;
  const [detail] = error.findDetails(BadRequestSchema);
  console.log(detail?.fieldViolations.map(({ field }) => field).join()); // => kind,metadata,spec
}
