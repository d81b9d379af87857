// The workflows of the sizes' test: a caller, and a runner that makes its large status itself, so that
// nothing large has to travel to it.

import { parseCallbackToken } from "@stigmer/apis";
import { executeAgent, executeWorkflow, withCallback } from "@stigmer/apis/temporal/workflow";
import { ApplicationFailure, condition, isCancellation } from "@temporalio/workflow";
import { isAgent, request, statusOf } from "./sizes-status.js";

/** @import { ExecutionStatus } from "@stigmer/apis" */
/** @import { CallbackOptions } from "@stigmer/apis/temporal/workflow" */
/** @import { AgentExecution } from "@stigmer/apis/agentexecution/v1" */
/** @import { WorkflowExecution } from "@stigmer/apis/workflowexecution/v1" */
/** @import { Content } from "./sizes-status.js" */

/**
 * A caller: ends as the execution does.
 *
 * @param {string} executionId
 * @returns {Promise<ExecutionStatus>}
 */
export async function call(executionId) {
  const execution = request(executionId);
  const options = { scheduleToCloseTimeout: "2m", retry: { initialInterval: "1s" } };
  return isAgent(executionId)
    ? executeAgent(/** @type {AgentExecution} */ (execution), options)
    : executeWorkflow(/** @type {WorkflowExecution} */ (execution), options);
}

/**
 * A runner: ends as it is told to, at once or when it is cancelled.
 *
 * @param {object} input
 * @param {string} input.executionId
 * @param {string} [input.callbackToken]
 * @param {Content} input.content
 * @param {boolean} [input.untilCancelled]
 * @param {"text" | "details" | "status details"} [input.throws] what is large of an error it throws
 * @param {CallbackOptions} [input.options]
 */
export async function run({
  executionId,
  callbackToken,
  content,
  untilCancelled = false,
  throws,
  options,
}) {
  const token = callbackToken ? parseCallbackToken(callbackToken) : undefined;
  const body = async () => {
    if (untilCancelled) {
      try {
        await condition(() => false);
      } catch (error) {
        if (!isCancellation(error)) throw error;
      }
    }
    const status = statusOf(executionId, content);
    if (throws === "text") throw ApplicationFailure.nonRetryable(status.error, "OutOfStock");
    if (throws) {
      const detail = throws === "details" ? { text: status.error } : status;
      throw ApplicationFailure.nonRetryable("out of stock", "OutOfStock", detail);
    }
    return status;
  };
  return withCallback({ executionId, callbackToken: token }, body, {
    heartbeatInterval: "500ms",
    ...options,
  });
}
