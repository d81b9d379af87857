import { decodeTemporalWorkflowInput } from "@stigmer/apis/temporal/workflow";

// As a Go worker has sent it.
const { executionId, initialData, callbackToken } = decodeTemporalWorkflowInput({
  WorkflowExecutionID: "wex-1",
  WorkflowYaml: "document: { dsl: 1.0.0, namespace: orders, name: shipping, version: 1.0.0 }",
  Metadata: null,
  InitialData: { order: 17 },
  EnvVars: null,
  OrgId: "org-1",
  CallbackToken: "BwgJ",
});
console.log(executionId, initialData?.order, callbackToken?.join()); // => wex-1 17 7,8,9
