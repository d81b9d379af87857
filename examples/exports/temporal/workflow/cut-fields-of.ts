import { create } from "@bufbuild/protobuf";
import { cutFieldsOf } from "@stigmer/apis/temporal/workflow";
import { WorkflowExecutionStatusSchema } from "@stigmer/apis/workflowexecution/v1";

// As it comes from an activity whose execution had an output of more than 2 MiB.
const status = create(WorkflowExecutionStatusSchema, {
  audit: { statusAudit: { event: "cut to fit: tasks; output" } },
});
console.log(cutFieldsOf(status).join(", ")); // => tasks, output
