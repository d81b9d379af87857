import { fromJson } from "@bufbuild/protobuf";
import { parseCallbackToken } from "@stigmer/apis";
import { executeAgent, executeWorkflow, withCallback } from "@stigmer/apis/temporal/workflow";
import { WorkflowExecutionStatusSchema } from "@stigmer/apis/workflowexecution/v1";
import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  condition,
  defineSignal,
  setHandler,
} from "@temporalio/workflow";

/** @import { JsonValue } from "@bufbuild/protobuf" */
/** @import { CallbackOptions, ExecuteOptions } from "@stigmer/apis/temporal/workflow" */
/** @import { AgentExecution } from "@stigmer/apis/agentexecution/v1" */
/** @import { WorkflowExecution } from "@stigmer/apis/workflowexecution/v1" */

/**
 * What the body of a runner's workflow does: it ends with a status or throws.
 *
 * @typedef {object} Body
 * @property {JsonValue} [status]
 * @property {number} [ratio] a number for its output, for JSON does not know every one
 * @property {"failure" | "cancellation" | "bug"} [throws]
 * @property {boolean} [untilCancelled] not before it is cancelled
 * @property {boolean} [cleansUp] nor then before the signal `finish`
 */

/**
 * A runner's workflow.
 *
 * @param {string | undefined} token
 * @param {Body} body
 * @param {CallbackOptions} [options]
 */
export async function run(token, body, options) {
  const callbackToken = token === undefined ? undefined : parseCallbackToken(token);
  return withCallback({ executionId: "wex-1", callbackToken }, () => endOf(body), options);
}

/** @param {Body} body */
async function endOf({ status = {}, ratio, throws, untilCancelled = false, cleansUp = false }) {
  let isFinished = !cleansUp;
  setHandler(defineSignal("finish"), () => {
    isFinished = true;
  });
  if (untilCancelled) {
    try {
      await condition(() => false);
    } catch {
      // It is cancelled, and says so by its status.
      await CancellationScope.nonCancellable(() => condition(() => isFinished));
    }
  }
  if (throws === "failure") throw ApplicationFailure.nonRetryable("disk full", "Disk");
  if (throws === "cancellation") throw new CancelledFailure("stopped");
  if (throws === "bug") throw new TypeError("undefined is not a function");
  const ended = fromJson(WorkflowExecutionStatusSchema, status);
  return ratio === undefined ? ended : { ...ended, output: { ratio: Number(ratio) } };
}

/**
 * A caller's workflow.
 *
 * @param {WorkflowExecution} execution
 * @param {ExecuteOptions} options
 */
export async function callWorkflow(execution, options) {
  return executeWorkflow(execution, options);
}

/**
 * @param {AgentExecution} execution
 * @param {ExecuteOptions} options
 */
export async function callAgent(execution, options) {
  return executeAgent(execution, options);
}
