// A caller and two runners, the same whoever has written their activities.

import { withCallback } from "@stigmer/apis/temporal/workflow";
import { proxyActivities, sleep } from "@temporalio/workflow";

/** @import { CallbackToken } from "@stigmer/apis" */
/** @import { ExecutionActivities, SystemActivities } from "@stigmer/apis/temporal" */
/** @import { WorkflowExecution, WorkflowExecutionStatus } from "@stigmer/apis/workflowexecution/v1" */
/** @import { PublishActivities } from "./publish-activities.js" */

const { ExecuteWorkflow } = /** @type {ExecutionActivities} */ (
  proxyActivities({ startToCloseTimeout: "1m", heartbeatTimeout: "30s" })
);
const { CompleteExternalActivity, publishStart, publishEnd } =
  /** @type {SystemActivities & PublishActivities} */ (
    proxyActivities({ startToCloseTimeout: "1m" })
  );

/** @param {WorkflowExecution} execution */
export async function caller(execution) {
  return ExecuteWorkflow(execution);
}

/**
 * Has nothing to do, so that the two activities of the handshake are most of it.
 *
 * @param {string} executionId
 * @param {CallbackToken} token
 * @param {WorkflowExecutionStatus} status
 */
export async function runner(executionId, token, status) {
  await CompleteExternalActivity(token, status, executionId);
}

/**
 * Publishes what a runner has to.
 *
 * @param {string} executionId
 * @param {CallbackToken} token
 * @param {WorkflowExecutionStatus} status
 */
export async function publishingRunner(executionId, token, status) {
  await publish(executionId, status);
  await CompleteExternalActivity(token, status, executionId);
}

/**
 * The same, with whatever else `withCallback` does.
 *
 * @param {string} executionId
 * @param {CallbackToken} callbackToken
 * @param {WorkflowExecutionStatus} status
 */
export async function runnerWithCallback(executionId, callbackToken, status) {
  await withCallback({ executionId, callbackToken }, () => publish(executionId, status));
}

/**
 * Takes so long that it heartbeats.
 *
 * @param {string} executionId
 * @param {CallbackToken} callbackToken
 * @param {WorkflowExecutionStatus} status
 */
export async function heartbeatingRunner(executionId, callbackToken, status) {
  const body = async () => {
    await sleep("5s");
    return publish(executionId, status);
  };
  await withCallback({ executionId, callbackToken }, body, { heartbeatInterval: "100ms" });
}

/**
 * @param {string} executionId
 * @param {WorkflowExecutionStatus} status
 */
async function publish(executionId, status) {
  await publishStart(executionId);
  await publishEnd(executionId, status);
  return status;
}
