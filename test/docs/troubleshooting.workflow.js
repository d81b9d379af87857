import { create } from "@bufbuild/protobuf";
import { callbackToken } from "@stigmer/apis";
import { ApiResourceOwnerScope } from "@stigmer/apis/apiresource";
import { executeWorkflow, withCallback } from "@stigmer/apis/temporal/workflow";
import {
  ExecutionPhase,
  WorkflowExecutionSchema,
  WorkflowExecutionStatusSchema,
} from "@stigmer/apis/workflowexecution/v1";

/**
 * A caller whose execution no runner takes.
 *
 * @param {"1s" | "3s"} scheduleToCloseTimeout
 */
export async function call(scheduleToCloseTimeout) {
  const request = create(WorkflowExecutionSchema, {
    apiVersion: "agentic.stigmer.ai/v1",
    kind: "WorkflowExecution",
    metadata: { ownerScope: ApiResourceOwnerScope.organization },
    spec: { workflowId: "wfl-1" },
  });
  await executeWorkflow(request, { scheduleToCloseTimeout });
}

/** A runner that does not say how its execution has ended, to a token that is none. */
export async function endWithoutPhase() {
  const token = callbackToken(Uint8Array.of(1, 2, 3));
  await withCallback({ executionId: "wex-1", callbackToken: token }, async () =>
    create(WorkflowExecutionStatusSchema, { phase: ExecutionPhase.EXECUTION_IN_PROGRESS }),
  );
}
