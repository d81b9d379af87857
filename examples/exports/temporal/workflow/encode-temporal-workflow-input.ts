import { callbackToken } from "@stigmer/apis";
import { encodeTemporalWorkflowInput } from "@stigmer/apis/temporal/workflow";

const input = encodeTemporalWorkflowInput({
  executionId: "wex-1",
  workflowYaml: "document: { dsl: 1.0.0, namespace: orders, name: shipping, version: 1.0.0 }",
  orgId: "org-1",
  callbackToken: callbackToken(Uint8Array.of(7, 8, 9)),
});

// client.workflow.start("ExecuteServerlessWorkflow", { taskQueue, workflowId, args: [input] })
console.log(input.WorkflowExecutionID, input.Metadata, input.CallbackToken); // => wex-1 null BwgJ
