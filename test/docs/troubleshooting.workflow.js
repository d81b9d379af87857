import { create } from "@bufbuild/protobuf";
import { callbackToken } from "@stigmer/apis";
import { ApiResourceOwnerScope } from "@stigmer/apis/apiresource";
import { executeWorkflow, withCallback } from "@stigmer/apis/temporal/workflow";
import {
  ExecutionPhase,
  WorkflowExecutionSchema,
  WorkflowExecutionStatusSchema,
} from "@stigmer/apis/workflowexecution/v1";
import { condition, defineSignal, setHandler } from "@temporalio/workflow";

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

/** A runner that does not say how its execution has ended, when told to end, to a token that is none. */
export async function endWithoutPhase() {
  let isOver = false;
  setHandler(defineSignal("endBody"), () => {
    isOver = true;
  });
  const caller = { executionId: "wex-1", callbackToken: callbackToken(Uint8Array.of(1, 2, 3)) };
  const body = async () => {
    await condition(() => isOver);
    return create(WorkflowExecutionStatusSchema, { phase: ExecutionPhase.EXECUTION_IN_PROGRESS });
  };
  await withCallback(caller, body, { heartbeatInterval: "100ms" });
}
