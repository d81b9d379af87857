import { asyncLocalStorage, CompleteAsyncError } from "@temporalio/activity";
import type { AgentExecution, AgentExecutionStatus } from "../../agentexecution/v1.js";
import type { Execution, ExecutionStatus } from "../../execution/execution.js";
import { waitForExecution } from "../../handshake/index.js";
import { callbackToken } from "../../token/index.js";
import type { WorkflowExecution, WorkflowExecutionStatus } from "../../workflowexecution/v1.js";
import { assertMessage } from "../assert-message.js";
import type { ExecutionClients } from "../execution-clients.js";
import { handshakeFields } from "../log/handshake-fields.js";
import { defaultPayloadLimit } from "../payload/payload-limit.js";
import { attemptSignal } from "./attempt-signal.js";
import { byCallback } from "./by-callback.js";
import { bySubscription } from "./by-subscription.js";
import { type Clients, withSignal } from "./clients.js";
import { readOutcome } from "./read-outcome.js";
import { refusalOf } from "./refusal-of.js";
import { resultOf } from "./result-of.js";
import { withTraceContext } from "./with-trace-context.js";

/** The activities of a caller: each ends as the execution that it starts does. */
export interface ExecutionActivities {
  /** Starts a workflow execution, or finds the one of an earlier attempt, and ends as it does. */
  ExecuteWorkflow(execution: WorkflowExecution): Promise<WorkflowExecutionStatus>;

  /** The same for an agent execution. */
  ExecuteAgent(execution: AgentExecution): Promise<AgentExecutionStatus>;

  /**
   * Ends as the execution with this id has ended. If it has not, throws a failure of type
   * `ExecutionNotEnded`, which names its phase and is retried.
   */
  ReadOutcome(executionId: string, kind: "workflow" | "agent"): Promise<ExecutionStatus>;
}

/** How the activities of a caller wait. */
export interface ExecutionActivitiesOptions {
  /**
   * How an activity waits: `callback` (the default) goes pending and holds no worker until it is
   * completed with its task token; `subscription` stays in the worker and follows the execution, for
   * executions whose runner cannot reach this Temporal server.
   */
  readonly wait?: "callback" | "subscription";

  /**
   * Fails the activity, with type `ExecutionSilent`, after this many attempts in a row in which the
   * execution has shown no sign of life: neither a heartbeat of its runner nor a change of its status.
   * Without it, every attempt re-arms the execution until the activity's schedule-to-close timeout: a
   * runner that is away for a night goes on with its executions in the morning, and a runner that sends
   * no heartbeats is always silent.
   */
  readonly maxSilentAttempts?: number;

  /**
   * How many bytes a payload may have, 2 MiB by default: the limit of this Temporal server
   * (`blobSizeLimitError`). A status that is larger is cut; see `cutFieldsOf`.
   */
  readonly payloadLimit?: number;

  /**
   * Writes the trace context of the attempt into a carrier, under the names of W3C Trace Context:
   *
   *     injectTraceContext: (carrier) => propagation.inject(context.active(), carrier)
   *
   * An execution that is created then has it in the annotations `stigmer.ai/traceparent` and
   * `stigmer.ai/tracestate`, unless its request has one, and its runner can be traced to the caller
   * (`traceContextOf`). Nothing else of the carrier is taken. A later attempt, which re-arms the
   * execution, leaves them as they are.
   */
  readonly injectTraceContext?: (carrier: Record<string, string>) => void;
}

/**
 * The activities of a caller's worker. `ExecuteWorkflow` and `ExecuteAgent` each create the execution
 * with the activity's task token in its spec and go pending (`CompleteAsyncError`); whoever ends the
 * execution completes them. Call them by `executeWorkflow` and `executeAgent` of
 * `@stigmer/apis/temporal/workflow`, which also take what other runners complete them with.
 *
 * Every attempt looks for the execution first, by its id. It re-arms what an earlier attempt has
 * created, or returns the status at once if the execution has ended. An execution without `metadata.id`
 * gets an id that is the same for every attempt; without `metadata.name`, that id is its name. If the
 * service makes its own ids, a later attempt finds the execution by the heartbeat details, else by the
 * tag `temporal:RUN_ID/ACTIVITY_ID`, which every execution that is created here has.
 *
 * The result is a status that is COMPLETED. A FAILED or CANCELLED one is thrown as an
 * `ApplicationFailure` of type `ExecutionFailed` or `ExecutionCancelled`, with the status as its
 * detail; a COMPLETED one that has no JSON form as `ExecutionResultInvalid`; a request that the
 * service refuses as `ExecutionRefused`; and a request that came through a converter that knows no
 * messages as `PayloadConverterMissing`. None of these is retried. The activity's retry policy decides
 * about any other failure.
 *
 * A local activity, and a call outside of an activity, wait by subscription, because they have no token
 * that outlives them. There, a cancellation stops the wait and not the execution.
 */
export function createExecutionActivities(
  { workflow, agent }: ExecutionClients,
  {
    wait = "callback",
    maxSilentAttempts,
    payloadLimit = defaultPayloadLimit,
    injectTraceContext,
  }: ExecutionActivitiesOptions = {},
): ExecutionActivities {
  async function execute<E extends Execution>(
    name: string,
    given: E,
    clients: Clients<E>,
    follow: Follow,
  ): Promise<ExecutionStatus> {
    assertMessage(name, given);
    const execution = injectTraceContext ? withTraceContext(given, injectTraceContext) : given;
    const context = asyncLocalStorage.getStore();
    if (context === undefined) {
      return resultOf(await outsideOfActivity(execution, clients, follow), payloadLimit);
    }
    const { attempt, isLocal, startToCloseTimeoutMs, heartbeatTimeoutMs } = context.info;
    const goesPending = wait === "callback" && !isLocal;
    // The server makes no heartbeat timeout longer than start-to-close. What waits in the worker
    // heartbeats all the time.
    const limitMs = (goesPending && heartbeatTimeoutMs) || startToCloseTimeoutMs;
    const { signal, isTimedOut } = attemptSignal(context, limitMs);
    const bound = withSignal(clients, signal);
    try {
      const status = goesPending
        ? await byCallback(context, execution, bound, maxSilentAttempts)
        : await bySubscription(context, execution, bound, (id) => follow(id, signal));
      return resultOf(status, payloadLimit);
    } catch (error) {
      // Nobody listens to this attempt any more, and the SDK would log its token with the answer.
      if (isTimedOut() || context.cancellationDetails?.notFound) throw new CompleteAsyncError();
      if (context.cancellationSignal.aborted) return context.cancelled;
      const refusal = refusalOf(error);
      if (refusal === undefined) throw error;
      const token = goesPending ? callbackToken(context.info.taskToken) : undefined;
      const fields = handshakeFields(attempt, execution.metadata?.id, token);
      context.log.warn("the execution was refused", { ...fields, cause: refusal.message });
      throw refusal;
    }
  }

  return {
    ExecuteWorkflow: (execution) =>
      execute("ExecuteWorkflow", execution, workflow, (id, signal) =>
        waitForExecution(id, workflow.queries, signal && { signal }),
      ) as Promise<WorkflowExecutionStatus>,
    ExecuteAgent: (execution) =>
      execute("ExecuteAgent", execution, agent, (id, signal) =>
        waitForExecution(id, agent.queries, signal && { signal }),
      ) as Promise<AgentExecutionStatus>,
    ReadOutcome: (executionId, kind) =>
      readOutcome((kind === "agent" ? agent : workflow).queries, executionId, payloadLimit),
  };
}

type Follow = (id: string, signal?: AbortSignal) => Promise<ExecutionStatus>;

async function outsideOfActivity<E extends Execution>(
  execution: E,
  { commands }: Clients<E>,
  follow: Follow,
): Promise<ExecutionStatus> {
  try {
    const { metadata } = await commands.create(execution);
    return await follow(metadata?.id ?? "");
  } catch (error) {
    throw refusalOf(error) ?? error;
  }
}
