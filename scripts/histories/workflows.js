// The workflows whose histories are recorded. Histories of released versions are replayed with them: a
// change that alters what they ask for breaks those histories, too. For another case, add to the plan.

import { create } from "@bufbuild/protobuf";
import { parseCallbackToken } from "@stigmer/apis";
import {
  AgentExecutionSchema,
  AgentExecutionStatusSchema,
  AgentMessageSchema,
} from "@stigmer/apis/agentexecution/v1";
import { ApiResourceOwnerScope } from "@stigmer/apis/apiresource";
import { executeAgent, executeWorkflow, withCallback } from "@stigmer/apis/temporal/workflow";
import {
  ExecutionPhase,
  WorkflowExecutionSchema,
  WorkflowExecutionStatusSchema,
} from "@stigmer/apis/workflowexecution/v1";
import {
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  defineSignal,
  isCancellation,
  proxyActivities,
  setHandler,
} from "@temporalio/workflow";

/** @import { CallbackOptions, ExecuteOptions } from "@stigmer/apis/temporal/workflow" */
/** @import { ExecutionStatus } from "@stigmer/apis" */
/** @import { RunnerActivities } from "./runner-activities.js" */

/**
 * What the body of a runner's workflow does.
 *
 * @typedef {object} Plan
 * @property {string} scenario
 * @property {boolean} [untilFinished] goes on until the signal `finish`, or until it is cancelled
 * @property {boolean} [cleansUp] once cancelled, also goes on until the signal `finish`
 * @property {boolean} [continuesAsNew] by the first `finish`, as a run that ends by the second
 * @property {Plan} [nested] an agent that it waits for
 * @property {"failed" | "unfinished"} [status] in place of COMPLETED
 * @property {number} [outputBytes]
 * @property {boolean} [isUnsendable] has an output without a JSON form
 * @property {"failure" | "cancellation"} [throws] a failure at its end, or the cancellation
 * @property {CallbackOptions} [callback]
 */

/** @typedef {"workflow" | "agent"} Kind */

const finish = defineSignal("finish");

const phases = {
  completed: ExecutionPhase.EXECUTION_COMPLETED,
  failed: ExecutionPhase.EXECUTION_FAILED,
};

/**
 * A caller's workflow.
 *
 * @param {Kind} kind
 * @param {Plan} plan
 * @param {ExecuteOptions} options
 * @param {number} [more] how often it continues as new, and calls again
 */
export async function call(kind, plan, options, more = 0) {
  const status = await execute(kind, plan, options);
  if (more > 0) await continueAsNew(kind, plan, options, more - 1);
  return status;
}

/**
 * A runner's workflow.
 *
 * @param {string} executionId
 * @param {string | undefined} token in Base64
 * @param {Plan} plan
 */
export async function run(executionId, token, plan) {
  const callbackToken = token === undefined ? undefined : parseCallbackToken(token);
  return withCallback(
    { executionId, callbackToken },
    () => body(executionId, token, plan),
    plan.callback,
  );
}

/**
 * @param {string} executionId
 * @param {string | undefined} token
 * @param {Plan} plan
 */
async function body(executionId, token, plan) {
  let isFinished = false;
  setHandler(finish, () => {
    isFinished = true;
  });
  const untilFinished = () => condition(() => isFinished);
  const status = newStatus(executionId);
  try {
    await publish(executionId, status);
    if (plan.untilFinished) await untilFinished();
    if (plan.continuesAsNew) {
      await continueAsNew(executionId, token, { ...plan, continuesAsNew: false });
    }
    if (plan.nested) {
      await execute("agent", plan.nested, { scheduleToCloseTimeout: "1h", heartbeatTimeout: "1h" });
    }
    if (plan.status !== "unfinished") status.phase = phases[plan.status ?? "completed"];
  } catch (error) {
    if (!isCancellation(error)) throw error;
    status.phase = ExecutionPhase.EXECUTION_CANCELLED;
    status.error = "stopped";
    await CancellationScope.nonCancellable(async () => {
      if (plan.cleansUp) await untilFinished();
      await publish(executionId, status);
    });
    if (plan.throws === "cancellation") throw error;
    return status;
  }
  if (status.phase === ExecutionPhase.EXECUTION_FAILED) status.error = "disk full";
  setOutput(status, plan);
  if (plan.status !== "unfinished" && !plan.isUnsendable) await publish(executionId, status);
  if (plan.throws === "failure") {
    throw ApplicationFailure.nonRetryable("x".repeat(plan.outputBytes ?? 1), "DiskFull");
  }
  return status;
}

/**
 * @param {string} executionId
 * @returns {ExecutionStatus}
 */
function newStatus(executionId) {
  const phase = ExecutionPhase.EXECUTION_IN_PROGRESS;
  return executionId.startsWith("aex")
    ? create(AgentExecutionStatusSchema, { phase })
    : create(WorkflowExecutionStatusSchema, { phase });
}

/**
 * @param {ExecutionStatus} status
 * @param {Plan} plan
 */
function setOutput(status, { outputBytes = 1, isUnsendable = false }) {
  const text = "x".repeat(outputBytes);
  if (status.$typeName === "ai.stigmer.agentic.workflowexecution.v1.WorkflowExecutionStatus") {
    status.output = isUnsendable ? { ratio: Number.NaN } : { text };
  } else status.messages = [create(AgentMessageSchema, { content: text })];
}

/**
 * @param {string} executionId
 * @param {ExecutionStatus} status
 */
function publish(executionId, status) {
  const activities = /** @type {RunnerActivities} */ (
    proxyActivities({ startToCloseTimeout: "10s" })
  );
  return activities.publishStatus(executionId, status);
}

/**
 * @param {Kind} kind
 * @param {Plan} plan
 * @param {ExecuteOptions} options
 */
function execute(kind, plan, options) {
  const apiVersion = "agentic.stigmer.ai/v1";
  const name = plan.scenario;
  const text = JSON.stringify(plan);
  if (kind === "agent") {
    const spec = { agentId: "agt-1", message: text };
    return executeAgent(
      create(AgentExecutionSchema, {
        apiVersion,
        kind: "AgentExecution",
        metadata: { name },
        spec,
      }),
      options,
    );
  }
  const metadata = { name, org: "shop", ownerScope: ApiResourceOwnerScope.organization };
  const spec = { workflowId: "wfl-1", triggerMessage: text };
  return executeWorkflow(
    create(WorkflowExecutionSchema, { apiVersion, kind: "WorkflowExecution", metadata, spec }),
    options,
  );
}
