// A caller and its runners, for the released package as well as for this one.

import { create } from "@bufbuild/protobuf";
import { parseCallbackToken } from "@stigmer/apis";
import {
  AgentExecutionSchema,
  AgentExecutionStatusSchema,
  AgentMessageSchema,
} from "@stigmer/apis/agentexecution/v1";
import { ApiResourceOwnerScope } from "@stigmer/apis/apiresource";
import {
  decodeTemporalWorkflowInput,
  executeAgent,
  executeWorkflow,
  toTemporalWorkflowOutput,
  withCallback,
} from "@stigmer/apis/temporal/workflow";
import {
  ExecutionPhase,
  WorkflowExecutionSchema,
  WorkflowExecutionStatusSchema,
} from "@stigmer/apis/workflowexecution/v1";
import {
  ApplicationFailure,
  CancellationScope,
  condition,
  defineSignal,
  isCancellation,
  proxyActivities,
  rootCause,
  setHandler,
} from "@temporalio/workflow";

/** @import { ExecutionStatus } from "@stigmer/apis" */
/** @import { CallbackOptions, ExecuteOptions, TemporalWorkflowInput, WaitingCaller } from "@stigmer/apis/temporal/workflow" */
/** @import { WorkflowExecutionStatus } from "@stigmer/apis/workflowexecution/v1" */

/**
 * What a runner does.
 *
 * @typedef {object} Plan
 * @property {string} [answer] completes with this
 * @property {string} [error] fails with this
 * @property {boolean} [untilFinished] waits for the signal `finish`
 * @property {CallbackOptions} [callback]
 * @property {string} taskQueue of the runner
 * @property {string} caller the id of its workflow
 */

const { EXECUTION_CANCELLED, EXECUTION_COMPLETED, EXECUTION_FAILED, EXECUTION_IN_PROGRESS } =
  ExecutionPhase;
const finish = defineSignal("finish");

/**
 * A caller: ends as the execution that it starts does.
 *
 * @param {"workflow" | "agent"} kind
 * @param {Plan} plan
 * @param {Partial<ExecuteOptions>} [options]
 * @returns {Promise<ExecutionStatus>}
 */
export async function call(kind, plan, options) {
  const all = {
    scheduleToCloseTimeout: "4m",
    retry: { initialInterval: "200ms", maximumInterval: "1s" },
    ...options,
  };
  const apiVersion = "agentic.stigmer.ai/v1";
  if (kind === "agent") {
    const spec = { agentId: "agt-1", message: JSON.stringify(plan) };
    const request = create(AgentExecutionSchema, { apiVersion, kind: "AgentExecution", spec });
    return executeAgent(request, all);
  }
  const request = create(WorkflowExecutionSchema, {
    apiVersion,
    kind: "WorkflowExecution",
    metadata: { ownerScope: ApiResourceOwnerScope.organization },
    spec: { workflowId: "wfl-1", triggerMessage: JSON.stringify(plan) },
  });
  return executeWorkflow(request, all);
}

/**
 * The runner of workflow executions.
 *
 * @param {TemporalWorkflowInput} encoded
 */
export async function ExecuteServerlessWorkflow(encoded) {
  const input = decodeTemporalWorkflowInput(encoded);
  const { executionId } = input;
  const status = await run(input, /** @type {any} */ (input.initialData));
  return toTemporalWorkflowOutput(/** @type {WorkflowExecutionStatus} */ (status), {
    executionId,
    workflowName: "versions",
  });
}

/**
 * The runner of agent executions.
 *
 * @param {{ executionId: string, callbackToken: string, plan: Plan }} input
 */
export async function ExecuteAgentLoop({ executionId, callbackToken, plan }) {
  return run({ executionId, callbackToken: parseCallbackToken(callbackToken) }, plan);
}

/**
 * @param {WaitingCaller} caller
 * @param {Plan} plan
 */
function run(caller, plan) {
  let isFinished = false;
  setHandler(finish, () => {
    isFinished = true;
  });
  const { executionId } = caller;
  return withCallback(
    caller,
    async () => {
      await publish(executionId, { phase: EXECUTION_IN_PROGRESS });
      const status = await work(executionId, plan, () => condition(() => isFinished));
      await CancellationScope.nonCancellable(() => publish(executionId, status));
      return status;
    },
    { heartbeatInterval: "500ms", ...plan.callback },
  );
}

/**
 * @param {string} executionId
 * @param {object} status
 */
async function publish(executionId, status) {
  const { publishStatus } = proxyActivities({ startToCloseTimeout: "10s" });
  await publishStatus?.(executionId, statusOf(executionId, status));
}

/**
 * @param {string} executionId
 * @param {object} status
 * @returns {ExecutionStatus}
 */
function statusOf(executionId, status) {
  return executionId.startsWith("aex")
    ? create(AgentExecutionStatusSchema, status)
    : create(WorkflowExecutionStatusSchema, status);
}

/**
 * @param {string} executionId
 * @param {Plan} plan
 * @param {() => Promise<void>} untilFinished
 */
async function work(executionId, { answer, error, untilFinished: waits }, untilFinished) {
  try {
    if (waits) await untilFinished();
    if (error) throw ApplicationFailure.nonRetryable(error);
    const result = executionId.startsWith("aex")
      ? { messages: [create(AgentMessageSchema, { content: answer ?? "" })] }
      : { output: { answer } };
    return statusOf(executionId, { phase: EXECUTION_COMPLETED, ...result });
  } catch (problem) {
    return statusOf(executionId, {
      phase: isCancellation(problem) ? EXECUTION_CANCELLED : EXECUTION_FAILED,
      error: rootCause(problem) ?? String(problem),
    });
  }
}
