import { create } from "@bufbuild/protobuf";
import { cutFieldsOf } from "@stigmer/apis/temporal/workflow";
import { WorkflowExecutionStatusSchema } from "@stigmer/apis/workflowexecution/v1";

// What executeWorkflow has returned.
const status = create(WorkflowExecutionStatusSchema, { output: { parcel: 4711 } });

console.log(cutFieldsOf(status)); // => []
