import { create } from "@bufbuild/protobuf";
import { ApiResourceOwnerScope } from "@stigmer/apis/apiresource";
import { assertValidExecution } from "@stigmer/apis/validation";
import { WorkflowExecutionSchema } from "@stigmer/apis/workflowexecution/v1";

const execution = create(WorkflowExecutionSchema, {
  apiVersion: "agentic.stigmer.ai/v1",
  kind: "WorkflowExecution",
  metadata: { name: "nightly report", ownerScope: ApiResourceOwnerScope.organization },
  spec: { workflowId: "wfl-1" },
});

assertValidExecution(execution);
console.log("valid"); // => valid
