import { create } from "@bufbuild/protobuf";
import { assertValidExecution, ValidationError } from "@stigmer/apis/validation";
import { WorkflowExecutionSchema } from "@stigmer/apis/workflowexecution/v1";

try {
  assertValidExecution(create(WorkflowExecutionSchema));
} catch (error) {
  if (!(error instanceof ValidationError)) throw error;
  console.log(error.code); // => invalid
  console.log(error.violations.map(({ field }) => field).join()); // => api_version,kind,metadata,spec
}
