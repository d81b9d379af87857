// The workflows of the tests: a caller, and runners that do what the plan of their execution says.

import { create, isMessage } from "@bufbuild/protobuf";
import { parseCallbackToken } from "@stigmer/apis";
import {
  AgentExecutionSchema,
  AgentExecutionStatusSchema,
  AgentMessageSchema,
} from "@stigmer/apis/agentexecution/v1";
import { ApiResourceOwnerScope } from "@stigmer/apis/apiresource";
import {
  decodeTemporalWorkflowInput,
  encodeTemporalWorkflowOutput,
  executeAgent,
  executeWorkflow,
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
  sleep,
  workflowInfo,
} from "@temporalio/workflow";

/** @import { ExecutionStatus } from "@stigmer/apis" */
/** @import { ExecutionActivities } from "@stigmer/apis/temporal" */
/** @import { CallbackOptions, TemporalWorkflowInput, WaitingCaller } from "@stigmer/apis/temporal/workflow" */
/** @import { ActivityOptions } from "@temporalio/workflow" */
/** @import { AgentExecution } from "@stigmer/apis/agentexecution/v1" */
/** @import { WorkflowExecution } from "@stigmer/apis/workflowexecution/v1" */

/**
 * What a runner does.
 *
 * @typedef {object} Plan
 * @property {boolean} [untilFinished] waits for the signal `finish`
 * @property {number} [ms] takes so long
 * @property {string} [answer] has this in its result, or that of its nested execution
 * @property {string} [error] fails with this
 * @property {string} [throws] throws this from its body, after publishing it
 * @property {{ kind: "workflow" | "agent", plan: Plan, options?: ActivityOptions }} [nested] has another execution do it
 * @property {CallbackOptions} [callback]
 */

/** @typedef {{ publishStatus(executionId: string, status: ExecutionStatus): Promise<void> }} RunnerActivities */

export const finish = defineSignal("finish");

const callerOptions = /** @type {const} */ ({
  scheduleToCloseTimeout: "4m",
  startToCloseTimeout: "2m",
  heartbeatTimeout: "3s",
  retry: { initialInterval: "200ms", maximumInterval: "1s" },
});

/**
 * A caller: ends as the execution that it starts does.
 *
 * @param {"workflow" | "agent"} kind
 * @param {Plan} plan
 * @param {ActivityOptions} [options]
 * @returns {Promise<ExecutionStatus>}
 */
export async function call(kind, plan, options) {
  const all = { ...callerOptions, ...options };
  // One that proxies the activity itself, and may not wait for a cancellation.
  const { ExecuteWorkflow, ExecuteAgent } = options?.cancellationType
    ? /** @type {ExecutionActivities} */ (proxyActivities(all))
    : {
        /** @param {WorkflowExecution} request */
        ExecuteWorkflow: (request) => executeWorkflow(request, all),
        /** @param {AgentExecution} request */
        ExecuteAgent: (request) => executeAgent(request, all),
      };
  return kind === "workflow"
    ? ExecuteWorkflow(workflowRequest(plan))
    : ExecuteAgent(agentRequest(plan));
}

/**
 * The runner of workflow executions: returns what a caller of this workflow reads, and fails as its
 * execution has, for such a caller knows no other way to see that.
 *
 * @param {TemporalWorkflowInput} raw
 */
export async function ExecuteServerlessWorkflow(raw) {
  const input = decodeTemporalWorkflowInput(raw);
  const status = await run(input, /** @type {any} */ (input.initialData));
  if (status.phase !== ExecutionPhase.EXECUTION_COMPLETED) {
    const type =
      status.phase === ExecutionPhase.EXECUTION_CANCELLED
        ? "ExecutionCancelled"
        : "ExecutionFailed";
    throw ApplicationFailure.nonRetryable(status.error, type, status);
  }
  return encodeTemporalWorkflowOutput({
    result: isMessage(status, WorkflowExecutionStatusSchema) ? status.output : undefined,
    finalState: { phase: "EXECUTION_COMPLETED" },
    workflowName: /** @type {any} */ (input.metadata?.Name) ?? workflowInfo().workflowType,
    executionId: input.executionId,
  });
}

/**
 * The runner of agent executions.
 *
 * @param {{ executionId: string, callbackToken: string, plan: Plan }} input
 */
export async function ExecuteAgentLoop({ executionId, callbackToken, plan }) {
  const token = callbackToken ? parseCallbackToken(callbackToken) : undefined;
  return run({ executionId, callbackToken: token }, plan);
}

/**
 * @param {WaitingCaller} caller
 * @param {Plan} plan
 */
function run(caller, plan) {
  let finished = false;
  setHandler(finish, () => {
    finished = true;
  });
  return withCallback(
    caller,
    () => body(caller.executionId, plan, () => condition(() => finished)),
    { heartbeatInterval: "500ms", ...plan.callback },
  );
}

/**
 * @param {string} executionId
 * @param {Plan} plan
 * @param {() => Promise<void>} untilFinished
 * @returns {Promise<ExecutionStatus>}
 */
async function body(executionId, plan, untilFinished) {
  const { publishStatus } = /** @type {RunnerActivities} */ (
    proxyActivities({
      startToCloseTimeout: "10s",
      retry: { initialInterval: "200ms", maximumInterval: "1s" },
    })
  );
  const schema = executionId.startsWith("aex")
    ? AgentExecutionStatusSchema
    : WorkflowExecutionStatusSchema;
  const status = /** @type {ExecutionStatus} */ (
    create(schema, { phase: ExecutionPhase.EXECUTION_IN_PROGRESS })
  );
  const publish = () => publishStatus(executionId, status);
  try {
    await publish();
    if (plan.untilFinished) await untilFinished();
    if (plan.ms) await sleep(plan.ms);
    let { answer } = plan;
    if (plan.nested) {
      answer = answerOf(await call(plan.nested.kind, plan.nested.plan, plan.nested.options));
    }
    if (plan.error) throw new Error(plan.error);
    status.phase = ExecutionPhase.EXECUTION_COMPLETED;
    setAnswer(status, executionId, answer);
  } catch (error) {
    // When nobody confirms that what is nested was cancelled, its activity ends otherwise.
    const isCancelled = isCancellation(error) || CancellationScope.current().consideredCancelled;
    status.phase = isCancelled
      ? ExecutionPhase.EXECUTION_CANCELLED
      : ExecutionPhase.EXECUTION_FAILED;
    status.error = rootCause(error) ?? String(error);
  }
  await CancellationScope.nonCancellable(publish);
  if (plan.throws) throw ApplicationFailure.nonRetryable(plan.throws);
  return status;
}

/**
 * @param {ExecutionStatus} status
 * @param {string} executionId
 * @param {string | undefined} answer
 */
function setAnswer(status, executionId, answer) {
  if (isMessage(status, WorkflowExecutionStatusSchema)) {
    status.output = { from: executionId, ...(answer && { answer }) };
  } else if (answer) {
    status.messages = [
      create(AgentMessageSchema, { content: answer, metadata: { from: executionId } }),
    ];
  }
}

/**
 * The plan's answer, as it is in a result.
 *
 * @param {ExecutionStatus} status
 * @returns {string | undefined}
 */
function answerOf(status) {
  return isMessage(status, WorkflowExecutionStatusSchema)
    ? /** @type {any} */ (status.output?.answer)
    : status.messages[0]?.content;
}

/** @param {Plan} plan */
function workflowRequest(plan) {
  return create(WorkflowExecutionSchema, {
    apiVersion: "agentic.stigmer.ai/v1",
    kind: "WorkflowExecution",
    metadata: { name: "test", org: "shop", ownerScope: ApiResourceOwnerScope.organization },
    spec: { workflowId: "wfl-1", triggerMessage: JSON.stringify(plan) },
  });
}

/** @param {Plan} plan */
function agentRequest(plan) {
  return create(AgentExecutionSchema, {
    apiVersion: "agentic.stigmer.ai/v1",
    kind: "AgentExecution",
    metadata: { name: "test", org: "shop" },
    spec: { agentId: "agt-1", message: JSON.stringify(plan) },
  });
}
