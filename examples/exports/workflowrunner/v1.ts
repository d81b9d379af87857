import { create } from "@bufbuild/protobuf";
import { WorkflowExecuteInputSchema } from "@stigmer/apis/workflowrunner/v1";

const input = create(WorkflowExecuteInputSchema, {
  workflowExecutionId: "wex-1",
  // A CNCF Serverless Workflow.
  workflowYaml: `
document: { dsl: 1.0.0, namespace: orders, name: shipping, version: 1.0.0 }
do:
  - greet:
      set: { greeting: hello }
`,
});
console.log(input.$typeName); // => ai.stigmer.agentic.workflowrunner.v1.WorkflowExecuteInput
