// The same wait and the same run in four ways. A run goes on until it is signalled to end.

import { executeWorkflow, withCallback } from "@stigmer/apis/temporal/workflow";
import {
  condition,
  createNexusServiceClient,
  defineSignal,
  proxyActivities,
  setHandler,
} from "@temporalio/workflow";
import { executions } from "./nexus-service.js";

/** @import { CallbackToken } from "@stigmer/apis" */
/** @import { SystemActivities } from "@stigmer/apis/temporal" */
/** @import { WorkflowExecution, WorkflowExecutionStatus } from "@stigmer/apis/workflowexecution/v1" */
/** @import { createActivitiesByHand } from "../temporal/by-hand.js" */
/** @import { PublishActivities } from "../temporal/publish-activities.js" */
/** @import { PollingActivities } from "./polling.js" */
/** @import { Times } from "./times.js" */

const scheduleToCloseTimeout = "1 day";
const { CompleteExternalActivity, publishStart, publishEnd } =
  /** @type {SystemActivities & PublishActivities} */ (
    proxyActivities({ startToCloseTimeout: "1m" })
  );

/**
 * @param {WorkflowExecution} execution
 * @param {Times} times
 */
export async function caller(execution, { heartbeatTimeout }) {
  return executeWorkflow(execution, { scheduleToCloseTimeout, heartbeatTimeout });
}

/** @param {WorkflowExecution} execution */
export async function asyncCaller(execution) {
  const { ExecuteWorkflow } = /** @type {ReturnType<typeof createActivitiesByHand>} */ (
    proxyActivities({ scheduleToCloseTimeout })
  );
  return ExecuteWorkflow(execution);
}

/**
 * @param {WorkflowExecution} execution
 * @param {Times} times
 */
export async function pollingCaller(execution, { heartbeatInterval, heartbeatTimeout }) {
  const { executeAndPoll } = /** @type {PollingActivities} */ (
    proxyActivities({ scheduleToCloseTimeout, heartbeatTimeout })
  );
  return executeAndPoll(execution, heartbeatInterval);
}

/**
 * @param {WorkflowExecution} execution
 * @param {Times} _times
 * @param {string} endpoint
 */
export async function nexusCaller(execution, _times, endpoint) {
  const client = createNexusServiceClient({ service: executions, endpoint });
  return client.executeOperation("run", execution, { scheduleToCloseTimeout });
}

/**
 * @param {string} executionId
 * @param {WorkflowExecutionStatus} status
 * @param {CallbackToken} callbackToken
 * @param {Times} times
 */
export async function runner(executionId, status, callbackToken, { heartbeatInterval }) {
  const body = () => runUntilSignalled(executionId, status);
  return withCallback({ executionId, callbackToken }, body, { heartbeatInterval });
}

/**
 * @param {string} executionId
 * @param {WorkflowExecutionStatus} status
 * @param {CallbackToken} token
 */
export async function asyncRunner(executionId, status, token) {
  await runUntilSignalled(executionId, status);
  await CompleteExternalActivity(token, status, executionId);
  return status;
}

/**
 * Reports to nobody: the caller looks for the end, or Temporal brings the result.
 *
 * @param {string} executionId
 * @param {WorkflowExecutionStatus} status
 */
export async function quietRunner(executionId, status) {
  return runUntilSignalled(executionId, status);
}

/**
 * @param {string} executionId
 * @param {WorkflowExecutionStatus} status
 */
async function runUntilSignalled(executionId, status) {
  let isEnding = false;
  setHandler(defineSignal("end"), () => {
    isEnding = true;
  });
  await publishStart(executionId);
  await condition(() => isEnding);
  await publishEnd(executionId, status);
  return status;
}
