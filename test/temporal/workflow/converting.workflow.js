import { create } from "@bufbuild/protobuf";
import { callbackToken } from "@stigmer/apis";
import { executeWorkflow, withCallback } from "@stigmer/apis/temporal/workflow";
import {
  WorkflowExecutionSchema,
  WorkflowExecutionStatusSchema,
} from "@stigmer/apis/workflowexecution/v1";
import { proxyActivities } from "@temporalio/workflow";

/** @import { ExecutionActivities, SystemActivities } from "@stigmer/apis/temporal" */
/** @import { WorkflowExecution } from "@stigmer/apis/workflowexecution/v1" */

/** @type {ExecutionActivities & SystemActivities} */
const activities = /** @type {any} */ (proxyActivities({ startToCloseTimeout: "1m" }));

/** @param {WorkflowExecution} request */
export async function execute(request) {
  return executeWorkflow(request, { scheduleToCloseTimeout: "1m" });
}

export async function makeAndExecute() {
  return execute(create(WorkflowExecutionSchema, { spec: { workflowId: "wfl-1" } }));
}

/** @param {WorkflowExecution} request */
export async function executeByHand(request) {
  return activities.ExecuteWorkflow(request);
}

export async function report() {
  const token = callbackToken(Uint8Array.of(1, 2, 3));
  return withCallback({ executionId: "wex-1", callbackToken: token }, async () =>
    create(WorkflowExecutionStatusSchema, { phase: 3 }),
  );
}

/** @param {Uint8Array} token */
export async function reportByHand(token) {
  // As an object of JSON has it that was made of bytes.
  return activities.FailExternalActivity(/** @type {any} */ ({ ...token }), "out of stock");
}
