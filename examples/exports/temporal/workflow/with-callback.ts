// A runner's workflow. createSystemActivities shows its worker.

import { create } from "@bufbuild/protobuf";
import {
  decodeTemporalWorkflowInput,
  type TemporalWorkflowInput,
  type TemporalWorkflowOutput,
  toTemporalWorkflowOutput,
  withCallback,
} from "@stigmer/apis/temporal/workflow";
import { ExecutionPhase, WorkflowExecutionStatusSchema } from "@stigmer/apis/workflowexecution/v1";
import { sleep } from "@temporalio/workflow";

export async function ExecuteServerlessWorkflow(
  input: TemporalWorkflowInput,
): Promise<TemporalWorkflowOutput> {
  const { executionId, initialData, callbackToken } = decodeTemporalWorkflowInput(input);
  const status = await withCallback({ executionId, callbackToken }, async () => {
    // The tasks of the execution, by activities of yours, which also publish its status.
    await sleep("10ms");
    return create(WorkflowExecutionStatusSchema, {
      phase: ExecutionPhase.EXECUTION_COMPLETED,
      output: { shipped: initialData?.order ?? null },
    });
  });
  return toTemporalWorkflowOutput(status, { executionId, workflowName: "shipping" });
}
