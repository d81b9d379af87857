import { create, fromBinary, toBinary, toJsonString } from "@bufbuild/protobuf";
import { ApiResourceOwnerScope } from "@stigmer/apis/apiresource";
import { WorkflowExecutionSchema } from "@stigmer/apis/workflowexecution/v1";

const execution = create(WorkflowExecutionSchema, {
  apiVersion: "agentic.stigmer.ai/v1",
  kind: "WorkflowExecution",
  metadata: { name: "shipping", ownerScope: ApiResourceOwnerScope.organization },
  spec: { workflowId: "wfl-shipping", triggerMessage: "order 17" },
});

const bytes = toBinary(WorkflowExecutionSchema, execution);
const { metadata, spec } = fromBinary(WorkflowExecutionSchema, bytes);
console.log(metadata?.name, spec?.triggerMessage); // => shipping order 17

// In JSON, an enum value is its name.
console.log(toJsonString(WorkflowExecutionSchema, execution).includes('"organization"')); // => true
