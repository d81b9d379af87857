import { asyncLocalStorage, CompleteAsyncError, type Context } from "@temporalio/activity";
import { ApplicationFailure } from "@temporalio/common";
import type { AgentExecution, AgentExecutionStatus } from "../../agentexecution/v1.js";
import { cloneExecution } from "../../clone-execution.js";
import type { Execution, ExecutionStatus } from "../../execution.js";
import {
  type ExecutionReader,
  type ExecutionWriter,
  HandshakeError,
  isTerminal,
  rearmExecution,
  startExecution,
  waitForExecution,
} from "../../handshake/index.js";
import { outcomeOf } from "../../handshake/outcome-of.js";
import { isAlreadyExists, isTransient } from "../../handshake/status-code.js";
import { callbackToken } from "../../token/index.js";
import type { WorkflowExecution, WorkflowExecutionStatus } from "../../workflowexecution/v1.js";
import type { ExecutionClients, ExecutionLister } from "../execution-clients.js";
import { executionFailure } from "../execution-failure.js";
import { attemptSignal } from "./attempt-signal.js";

/** The activities of a caller: each ends as the execution that it starts does. */
export interface ExecutionActivities {
  /** Starts a workflow execution, or finds the one of an earlier attempt, and ends as it does. */
  ExecuteWorkflow(execution: WorkflowExecution): Promise<WorkflowExecutionStatus>;

  /** The same for an agent execution. */
  ExecuteAgent(execution: AgentExecution): Promise<AgentExecutionStatus>;
}

/** How the activities of a caller wait. */
export interface ExecutionActivitiesOptions {
  /**
   * How an activity waits: `callback` (the default) goes pending and holds no worker until it is
   * completed with its task token; `subscription` stays in the worker and follows the execution, for
   * executions whose runner cannot reach this Temporal server.
   */
  readonly wait?: "callback" | "subscription";
}

interface Clients<E extends Execution> {
  readonly commands: ExecutionWriter<E>;
  readonly queries: ExecutionReader<E> & ExecutionLister<E>;
}

type Follow = (id: string, signal?: AbortSignal) => Promise<ExecutionStatus>;

/**
 * The activities `ExecuteWorkflow` and `ExecuteAgent` for a caller's worker. Each creates the
 * execution with the activity's task token in its spec and goes pending
 * (`CompleteAsyncError`); whoever ends the execution completes it.
 *
 * An attempt after the first re-arms the execution that an earlier one has created, or returns at
 * once the status of one that has ended. It finds it by the id in the heartbeat details, else by the
 * tag `temporal:RUN_ID/ACTIVITY_ID`, which every execution gets that is created here. An execution
 * without `metadata.id` gets one that is the same for every attempt.
 *
 * The result is a status that is COMPLETED. A FAILED or CANCELLED one is thrown as an
 * `ApplicationFailure` of type `ExecutionFailed` or `ExecutionCancelled`, with the status as its
 * detail, and a request that the service refuses, or that has no metadata, as one of type
 * `ExecutionRefused`; none of them is retried. Whatever else is thrown is, as the activity's retry
 * policy says.
 *
 * Give the activity a heartbeat timeout: it wakes the caller when the runner is gone. Proxy it with
 * `WAIT_CANCELLATION_COMPLETED`, or the runner learns of a cancellation only that nobody waits.
 *
 * A local activity, and a call outside of an activity, wait by subscription, as they have no token
 * that outlives them. There, cancelling stops the wait and not the execution.
 */
export function createExecutionActivities(
  { workflow, agent }: ExecutionClients,
  { wait = "callback" }: ExecutionActivitiesOptions = {},
): ExecutionActivities {
  async function execute<E extends Execution>(
    execution: E,
    clients: Clients<E>,
    follow: Follow,
  ): Promise<ExecutionStatus> {
    const context = asyncLocalStorage.getStore();
    if (context === undefined) return outsideOfActivity(execution, clients, follow);
    const { isLocal, startToCloseTimeoutMs, heartbeatTimeoutMs } = context.info;
    const goesPending = wait === "callback" && !isLocal;
    // The server makes no heartbeat timeout longer than start-to-close. What waits in the worker
    // heartbeats all the time.
    const limitMs = (goesPending && heartbeatTimeoutMs) || startToCloseTimeoutMs;
    const { signal, isTimedOut } = attemptSignal(context, limitMs);
    const bound = withSignal(clients, signal);
    try {
      return goesPending
        ? await byCallback(context, execution, bound)
        : await bySubscription(context, execution, bound, (id) => follow(id, signal));
    } catch (error) {
      // Nobody listens to this attempt any more, and the SDK would log its token with the answer.
      if (isTimedOut() || context.cancellationDetails?.notFound) throw new CompleteAsyncError();
      if (context.cancellationSignal.aborted) return context.cancelled;
      throw refusalOf(error) ?? error;
    }
  }

  return {
    ExecuteWorkflow: (execution) =>
      execute(execution, workflow, (id, signal) =>
        waitForExecution(workflow.queries, id, signal && { signal }),
      ) as Promise<WorkflowExecutionStatus>,
    ExecuteAgent: (execution) =>
      execute(execution, agent, (id, signal) =>
        waitForExecution(agent.queries, id, signal && { signal }),
      ) as Promise<AgentExecutionStatus>,
  };
}

async function outsideOfActivity<E extends Execution>(
  execution: E,
  { commands }: Clients<E>,
  follow: Follow,
): Promise<ExecutionStatus> {
  try {
    const { metadata } = await commands.create(execution);
    return resultOf(await follow(metadata?.id ?? ""));
  } catch (error) {
    throw refusalOf(error) ?? error;
  }
}

async function byCallback<E extends Execution>(
  context: Context,
  execution: E,
  { commands, queries }: Clients<E>,
): Promise<ExecutionStatus> {
  const token = callbackToken(context.info.taskToken);
  const request = identified(execution, context);
  const earlier = await findEarlier(context, queries);
  let current: E;
  if (earlier === undefined) {
    current = await startExecution(request, token, commands, queries);
  } else {
    if (request.metadata) request.metadata.id = earlier;
    current = await rearmExecution(request, token, commands, queries);
  }
  if (current.status && isTerminal(current)) return resultOf(current.status);
  context.heartbeat({ executionId: current.metadata?.id });
  throw new CompleteAsyncError();
}

async function bySubscription<E extends Execution>(
  context: Context,
  execution: E,
  { commands, queries }: Clients<E>,
  follow: (id: string) => Promise<ExecutionStatus>,
): Promise<ExecutionStatus> {
  const { isLocal, heartbeatTimeoutMs = 60_000 } = context.info;
  const request = identified(execution, context);
  const id = (await findEarlier(context, queries)) ?? (await createUnlessExists(request, commands));
  const heartbeat = () => {
    if (!isLocal) context.heartbeat({ executionId: id });
  };
  heartbeat();
  const heartbeats = setInterval(heartbeat, heartbeatTimeoutMs / 3);
  try {
    return resultOf(await follow(id));
  } finally {
    clearInterval(heartbeats);
  }
}

async function createUnlessExists<E extends Execution>(
  request: E,
  commands: ExecutionWriter<E>,
): Promise<string> {
  try {
    return (await commands.create(request)).metadata?.id ?? "";
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    return request.metadata?.id ?? "";
  }
}

/** A copy of the request that another attempt of the same activity can find. */
function identified<E extends Execution>(execution: E, context: Context): E {
  const request = cloneExecution(execution);
  const { metadata, $typeName } = request;
  if (metadata === undefined) return request;
  const place = placeOf(context);
  const prefix = $typeName.endsWith("WorkflowExecution") ? "wex" : "aex";
  metadata.id ||= `${prefix}-${place.replace("/", "-")}`;
  metadata.tags.push(tagOf(context));
  return request;
}

/** The id of the execution that an earlier attempt has created. */
async function findEarlier<E extends Execution>(
  context: Context,
  queries: ExecutionLister<E>,
): Promise<string | undefined> {
  const { attempt, heartbeatDetails } = context.info;
  if (attempt === 1) return undefined;
  if (typeof heartbeatDetails?.executionId === "string") return heartbeatDetails.executionId;
  const { entries } = await queries.list({ tags: [tagOf(context)], pageSize: 1 });
  return entries[0]?.metadata?.id;
}

function tagOf(context: Context): string {
  return `temporal:${placeOf(context)}`;
}

/** What is the same for every attempt of an activity, and for nothing else. */
function placeOf({ info }: Context): string {
  return `${info.workflowExecution?.runId ?? info.activityRunId}/${info.activityId}`;
}

function resultOf(status: ExecutionStatus): ExecutionStatus {
  switch (outcomeOf(status)) {
    case "failed":
      throw executionFailure("ExecutionFailed", status);
    case "cancelled":
      throw executionFailure("ExecutionCancelled", status);
    default:
      return status;
  }
}

/** The failure for an error that every attempt would meet again; undefined for any other. */
function refusalOf(error: unknown): ApplicationFailure | undefined {
  const isStatus = error instanceof Error && "code" in error && typeof error.code === "number";
  const isRefusal = error instanceof HandshakeError || (isStatus && !isTransient(error));
  return isRefusal ? ApplicationFailure.nonRetryable(error.message, "ExecutionRefused") : undefined;
}

function withSignal<E extends Execution>(
  { commands, queries }: Clients<E>,
  signal: AbortSignal,
): Clients<E> {
  return {
    commands: {
      create: (request) => commands.create(request, { signal }),
      update: (request) => commands.update(request, { signal }),
    },
    queries: {
      get: (request) => queries.get(request, { signal }),
      list: (request) => queries.list(request, { signal }),
    },
  };
}
