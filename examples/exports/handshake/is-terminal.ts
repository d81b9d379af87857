import { create } from "@bufbuild/protobuf";
import { isTerminal } from "@stigmer/apis/handshake";
import { ExecutionPhase, WorkflowExecutionSchema } from "@stigmer/apis/workflowexecution/v1";

const running = create(WorkflowExecutionSchema, {
  status: { phase: ExecutionPhase.EXECUTION_IN_PROGRESS },
});
const failed = create(WorkflowExecutionSchema, {
  status: { phase: ExecutionPhase.EXECUTION_FAILED },
});

console.log(isTerminal(running)); // => false
console.log(isTerminal(failed)); // => true
