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
  executeChild,
  isCancellation,
  proxyActivities,
  rootCause,
  setHandler,
  sleep,
  uuid4,
  workflowInfo,
} from "@temporalio/workflow";

/** @import { ExecutionStatus } from "@stigmer/apis" */
/** @import { ExecutionActivities } from "@stigmer/apis/temporal" */
/** @import { CallbackOptions, TemporalWorkflowInput, WaitingCaller } from "@stigmer/apis/temporal/workflow" */
/** @import { Duration } from "@temporalio/common" */
/** @import { ActivityOptions } from "@temporalio/workflow" */
/** @import { AgentExecution } from "@stigmer/apis/agentexecution/v1" */
/** @import { WorkflowExecution, WorkflowExecutionStatus } from "@stigmer/apis/workflowexecution/v1" */

/**
 * What a runner does.
 *
 * @typedef {object} Plan
 * @property {boolean} [untilFinished] waits for the signal `finish`
 * @property {number} [ms] takes so long
 * @property {string} [name] of the execution; the empty one leaves it open
 * @property {string} [answer] has this in its result, or that of its nested execution
 * @property {string} [error] fails with this
 * @property {string} [throws] throws this from its body, after publishing it
 * @property {string} [crashes] throws an error that is no failure of Temporal's
 * @property {number} [cleanupMs] takes so long to end once it is cancelled
 * @property {boolean} [ignoresCancellation] completes all the same
 * @property {boolean} [isUnpublished] does not publish how it ends
 * @property {{ runTimeout?: Duration }} [inChild] has it done in a child workflow, whose end the runner reports
 * @property {{ kind: "workflow" | "agent", plan: Plan, options?: ActivityOptions }} [nested] has another execution do it
 * @property {CallbackOptions} [callback]
 */

/** @typedef {{ publishStatus(executionId: string, status: ExecutionStatus): Promise<void> }} RunnerActivities */

export const finish = defineSignal("finish");

/** Only makes another task of the workflow, to reset it to. */
export const nudge = defineSignal("nudge");

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
  setHandler(nudge, () => {});
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
  const { executionId } = input;
  const status = await run(input, /** @type {any} */ (input.initialData));
  return toTemporalWorkflowOutput(/** @type {WorkflowExecutionStatus} */ (status), {
    executionId,
    workflowName: /** @type {any} */ (input.metadata?.Name) ?? workflowInfo().workflowType,
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
 * Makes a report by the activity that Stigmer's workflows in Go call for it.
 *
 * @param {string} activity
 * @param {object} report
 */
export async function reportAsGo(activity, report) {
  await proxyActivities({ startToCloseTimeout: "1m" })[activity]?.(report);
}

/**
 * @param {WaitingCaller} caller
 * @param {Plan} plan
 */
function run({ executionId, callbackToken }, plan) {
  const work = plan.inChild ? runInChild : runBody;
  return withCallback({ executionId, callbackToken }, () => work(executionId, plan), {
    heartbeatInterval: "500ms",
    ...plan.callback,
  });
}

/**
 * The runner makes the report for a child that does the work: one that is terminated or times out
 * cannot do so itself.
 *
 * @param {string} executionId
 * @param {Plan} plan
 * @returns {Promise<ExecutionStatus>}
 */
async function runInChild(executionId, plan) {
  try {
    return await executeChild(runBody, {
      workflowId: `${executionId}-run`,
      args: [executionId, { ...plan, inChild: undefined }],
      ...(plan.inChild?.runTimeout && { workflowRunTimeout: plan.inChild.runTimeout }),
    });
  } catch (error) {
    const status = newStatus(executionId);
    status.phase = isCancellation(error)
      ? ExecutionPhase.EXECUTION_CANCELLED
      : ExecutionPhase.EXECUTION_FAILED;
    status.error = rootCause(error) ?? String(error);
    await CancellationScope.nonCancellable(() => publish(executionId, status));
    return status;
  }
}

/**
 * The body of a run, and a child workflow of its own.
 *
 * @param {string} executionId
 * @param {Plan} plan
 * @returns {Promise<ExecutionStatus>}
 */
export async function runBody(executionId, plan) {
  let finished = false;
  setHandler(finish, () => {
    finished = true;
  });
  return body(executionId, plan, () => condition(() => finished));
}

/** @param {string} executionId */
function newStatus(executionId) {
  const schema = executionId.startsWith("aex")
    ? AgentExecutionStatusSchema
    : WorkflowExecutionStatusSchema;
  return /** @type {ExecutionStatus} */ (
    create(schema, { phase: ExecutionPhase.EXECUTION_IN_PROGRESS })
  );
}

/**
 * @param {string} executionId
 * @param {ExecutionStatus} status
 */
function publish(executionId, status) {
  const { publishStatus } = /** @type {RunnerActivities} */ (
    proxyActivities({
      startToCloseTimeout: "10s",
      retry: { initialInterval: "200ms", maximumInterval: "1s" },
    })
  );
  return publishStatus(executionId, status);
}

/**
 * @param {string} executionId
 * @param {Plan} plan
 * @param {() => Promise<void>} untilFinished
 * @returns {Promise<ExecutionStatus>}
 */
async function body(executionId, plan, untilFinished) {
  const status = newStatus(executionId);
  try {
    await publish(executionId, status);
    if (plan.untilFinished) await untilFinished();
    if (plan.ms) await sleep(plan.ms);
    let { answer } = plan;
    if (plan.nested) {
      answer = answerOf(await call(plan.nested.kind, plan.nested.plan, plan.nested.options));
    }
    if (plan.crashes) throw new TypeError(plan.crashes);
    if (plan.error) throw new Error(plan.error);
    status.phase = ExecutionPhase.EXECUTION_COMPLETED;
    setAnswer(status, executionId, answer);
  } catch (error) {
    if (error instanceof TypeError) throw error;
    // When nobody confirms that what is nested was cancelled, its activity ends otherwise.
    const isCancelled = isCancellation(error) || CancellationScope.current().consideredCancelled;
    status.phase = isCancelled
      ? ExecutionPhase.EXECUTION_CANCELLED
      : ExecutionPhase.EXECUTION_FAILED;
    status.error = rootCause(error) ?? String(error);
  }
  if (status.phase === ExecutionPhase.EXECUTION_CANCELLED) {
    const { cleanupMs, ignoresCancellation } = plan;
    if (cleanupMs) await CancellationScope.nonCancellable(() => sleep(cleanupMs));
    if (ignoresCancellation) {
      status.phase = ExecutionPhase.EXECUTION_COMPLETED;
      status.error = "";
      setAnswer(status, executionId, plan.answer);
    }
  }
  if (!plan.isUnpublished) {
    await CancellationScope.nonCancellable(() => publish(executionId, status));
  }
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

/** A secret of each execution, which nobody may lose or read. */
const runtimeEnv = { API_KEY: { value: "sk-live-of-the-tests", isSecret: true } };

// The existing services refuse a second workflow execution of the same name.

/** @param {Plan} plan */
function workflowRequest(plan) {
  return create(WorkflowExecutionSchema, {
    apiVersion: "agentic.stigmer.ai/v1",
    kind: "WorkflowExecution",
    metadata: {
      name: plan.name ?? uuid4(),
      org: "shop",
      ownerScope: ApiResourceOwnerScope.organization,
    },
    spec: { workflowId: "wfl-1", triggerMessage: JSON.stringify(plan), runtimeEnv },
  });
}

/** @param {Plan} plan */
function agentRequest(plan) {
  return create(AgentExecutionSchema, {
    apiVersion: "agentic.stigmer.ai/v1",
    kind: "AgentExecution",
    metadata: { name: plan.name ?? uuid4(), org: "shop" },
    spec: { agentId: "agt-1", message: JSON.stringify(plan), runtimeEnv },
  });
}
