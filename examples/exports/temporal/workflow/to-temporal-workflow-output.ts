import { create } from "@bufbuild/protobuf";
import { toTemporalWorkflowOutput } from "@stigmer/apis/temporal/workflow";
import { ExecutionPhase, WorkflowExecutionStatusSchema } from "@stigmer/apis/workflowexecution/v1";

// What withCallback has returned.
const status = create(WorkflowExecutionStatusSchema, {
  phase: ExecutionPhase.EXECUTION_COMPLETED,
  output: { parcel: 4711 },
});

const run = { executionId: "wex-1", workflowName: "shipping" };
console.log(toTemporalWorkflowOutput(status, run).FinalState); // => { phase: 'EXECUTION_COMPLETED' }
