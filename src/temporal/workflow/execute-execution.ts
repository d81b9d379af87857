// Not from @temporalio/workflow, whose types ask for those of source-map.
import type { ActivityOptions, Duration } from "@temporalio/common";
import { msToNumber } from "@temporalio/common/lib/time.js";
import {
  ActivityCancellationType,
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  proxyActivities,
  uuid4,
} from "@temporalio/workflow";
import type { AgentExecution, AgentExecutionStatus } from "../../agentexecution/v1.js";
import type { Execution, ExecutionStatus } from "../../execution/execution.js";
import type { WorkflowExecution, WorkflowExecutionStatus } from "../../workflowexecution/v1.js";
import { assertMessage } from "../assert-message.js";
import type { ExecutionActivities } from "../caller/index.js";
import { withId } from "../with-id.js";
import { assertConverter } from "./activator.js";
import { outcomeOfFailure, outcomeOfResult, type Wait } from "./outcome-of-wait.js";

/**
 * How the activity that waits is run. Its cancellation is waited for, so that the execution is
 * cancelled too and the caller learns how that has ended.
 */
export interface ExecuteOptions extends Omit<ActivityOptions, "activityId" | "cancellationType"> {
  /**
   * Bounds the whole wait, all attempts together. When it is over, the execution is read once more; the
   * call ends as the execution has, or fails with type `ExecutionTimedOut`. Start-to-close bounds one
   * attempt: the next one re-arms the execution.
   */
  readonly scheduleToCloseTimeout: Duration;

  /**
   * After how long without a heartbeat of the runner another attempt is made; 1 minute by default. Must
   * be more than twice the `heartbeatInterval` of a runner with `withCallback`. For runners that send no
   * heartbeats, such as Stigmer's in Go, set it to the time that their run may take: 10 minutes for an
   * agent, 30 for a workflow.
   */
  readonly heartbeatTimeout?: Duration;
}

/**
 * Starts a workflow execution and waits until it has ended, for workflow code. The result is its status,
 * which is COMPLETED. The worker needs the activities of `createExecutionActivities`.
 *
 * A request needs at least `apiVersion`, `kind`, `metadata.ownerScope`, and in the spec `workflowId` or
 * `workflowInstanceId`.
 *
 * The activity may be completed with a status or with an execution. If the result does not say how the
 * execution has ended (plain JSON of a runner in Go, nothing from an operator), the execution is read
 * until it has. Nothing secret is returned. A status that was too large for Temporal is cut;
 * `cutFieldsOf` tells what is missing.
 *
 * The execution gets a `metadata.id` here, unless the request has one. The id is the same when the
 * workflow is replayed. A workflow that needs to know the id makes it with `uuid4()`, as `wex-UUID`.
 *
 * Throws an `ApplicationFailure`: with type `ExecutionFailed` or `ExecutionCancelled` and the status as
 * its detail, when that is how it has ended; `ExecutionTimedOut` with what was last known of it;
 * `ExecutionSilent`, `ExecutionResultInvalid` or `ExecutionRefused` as the activity does, the last also
 * for options that could wait for ever; `PayloadConverterMissing` if messages are not encoded; what
 * somebody else has failed the activity with; and what its last attempt has failed with, when there is
 * no time for another: `ConnectError`, if the service is away. A cancellation of the caller is thrown as
 * Temporal does, once the execution is cancelled (`isCancellation`).
 */
export async function executeWorkflow(
  execution: WorkflowExecution,
  options: ExecuteOptions,
): Promise<WorkflowExecutionStatus> {
  const { activities, request, wait } = prepare("executeWorkflow", "workflow", execution, options);
  return outcomeOfWait(() => activities.ExecuteWorkflow(request), wait);
}

/**
 * Starts an agent execution and waits until it has ended, as `executeWorkflow` does.
 *
 * A request needs at least `apiVersion`, `kind`, and in the spec `message` and one of `agentId` and
 * `sessionId`.
 */
export async function executeAgent(
  execution: AgentExecution,
  options: ExecuteOptions,
): Promise<AgentExecutionStatus> {
  const { activities, request, wait } = prepare("executeAgent", "agent", execution, options);
  return outcomeOfWait(() => activities.ExecuteAgent(request), wait);
}

function prepare<E extends Execution>(
  name: string,
  kind: Wait["kind"],
  execution: E,
  options: ExecuteOptions,
) {
  assertConverter(name);
  assertMessage(name, execution);
  const limitMs = limitOf(name, options);
  // The same in every replay of this run.
  const request = withId(execution, uuid4);
  const activities = proxyActivities<ExecutionActivities>({
    heartbeatTimeout: "1 minute",
    ...options,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  });
  const wait: Wait = {
    executionId: request.metadata.id,
    kind,
    limit: String(options.scheduleToCloseTimeout),
    deadline: Date.now() + limitMs,
    ...(options.taskQueue !== undefined && { taskQueue: options.taskQueue }),
  };
  return { activities, request, wait };
}

/** In milliseconds. Fails the workflow, because a `TypeError` would be retried for ever. */
function limitOf(name: string, { scheduleToCloseTimeout }: Partial<ExecuteOptions>): number {
  const ms = scheduleToCloseTimeout === undefined ? 0 : msToNumber(scheduleToCloseTimeout);
  if (ms > 0) return ms;
  throw ApplicationFailure.nonRetryable(
    `${name}: expected a scheduleToCloseTimeout, because nothing else bounds the wait; got ${scheduleToCloseTimeout}`,
    "ExecutionRefused",
  );
}

async function outcomeOfWait<S extends ExecutionStatus>(
  run: () => Promise<S>,
  wait: Wait,
): Promise<S> {
  const scope = CancellationScope.current();
  try {
    const outcome = await run().then(
      (result: unknown) => () => outcomeOfResult(result, wait),
      (error: unknown) => () => outcomeOfFailure(error, wait),
    );
    return (await outcome()) as S;
  } catch (error) {
    const isAsAsked =
      scope.consideredCancelled &&
      error instanceof ApplicationFailure &&
      error.type === "ExecutionCancelled";
    throw isAsAsked ? new CancelledFailure(error.message, [], error) : error;
  }
}
