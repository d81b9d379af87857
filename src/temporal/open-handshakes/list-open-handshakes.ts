import type { Client, WorkflowExecutionInfo } from "@temporalio/client";
import type { Duration } from "@temporalio/common";
import { msToNumber } from "@temporalio/common/lib/time.js";
import { isNotFound } from "../../handshake/status-code.js";
import type { ExecutionReaders } from "../execution-clients.js";
import { mapAhead } from "./map-ahead.js";
import type { OpenHandshake } from "./open-handshake.js";
import { type PendingActivity, pendingWait } from "./pending-wait.js";
import { readExecution, type SeenExecution } from "./read-execution.js";
import { runnerReport } from "./runner-report.js";
import { runnerWorkflowIds } from "./runner-workflow-ids.js";
import { stateOf } from "./state-of.js";

/** Which handshakes are listed, and who is asked about them. */
export interface OpenHandshakesOptions {
  /**
   * Clients of the execution service. They need no right to read tokens. Without them, only what
   * Temporal knows is told: no phase, and nothing that depends on one.
   */
  readonly executions?: ExecutionReaders;

  /**
   * Reaches the runners' workflows, which tell why a report fails; `client` by default. Their ids are
   * taken to be the `temporal_workflow_id` of the status, the execution's id, or `workflow-exec-` and
   * the id.
   */
  readonly runnerClient?: Client;

  /** Only callers of which this is true, by a visibility query such as `WorkflowType = "order"`. */
  readonly query?: string;

  /** Only handshakes that have been open for longer than this. */
  readonly olderThan?: Duration;
}

/** How many workflows are described at a time. */
const concurrency = 8;
const pageSize = 100;

const waiting = ["ExecuteWorkflow", "ExecuteAgent"];

/**
 * Lists the activities `ExecuteWorkflow` and `ExecuteAgent` that wait for an execution, with how each
 * stands and why. `client` is of the namespace of the callers. Nothing is changed, and no token is
 * returned.
 *
 * Goes by pages through the open workflows that match, in the order of Temporal's visibility: the
 * youngest first. One call describes each of these, and one reads the execution of each handshake; where
 * something is wrong, up to four ask the runner's workflow. Once the consumer stops, no other handshake
 * is looked at.
 *
 * Throws what Temporal answers, such as a query that it does not take. An execution that cannot be read
 * is no error: its handshake is `unknown`.
 */
export async function* listOpenHandshakes(
  client: Client,
  { executions, runnerClient = client, query, olderThan }: OpenHandshakesOptions = {},
): AsyncGenerator<OpenHandshake, void, undefined> {
  const startedBefore = olderThan === undefined ? undefined : Date.now() - msToNumber(olderThan);
  const callers = client.workflow.list({ query: visibilityQuery(query, startedBefore), pageSize });
  let isStopped = false;
  try {
    for await (const handshakes of mapAhead(callers, concurrency, handshakesOf)) {
      yield* handshakes;
    }
  } finally {
    isStopped = true;
  }

  async function handshakesOf(caller: WorkflowExecutionInfo): Promise<OpenHandshake[]> {
    const activities = await pendingActivities(client, caller);
    const found: OpenHandshake[] = [];
    for (const activity of activities) {
      if (isStopped) break;
      if (!waiting.includes(activity.activityType?.name ?? "")) continue;
      const handshake = await handshakeOf(caller, activity);
      if (handshake) found.push(handshake);
    }
    return found;
  }

  async function handshakeOf(
    caller: WorkflowExecutionInfo,
    activity: PendingActivity,
  ): Promise<OpenHandshake | undefined> {
    const now = Date.now();
    const wait = await pendingWait(activity, client, now);
    const { waitingSince, deadline, lastHeartbeat, executionId } = wait;
    if (startedBefore !== undefined && (waitingSince?.getTime() ?? 0) > startedBefore) return;
    const seen =
      executions && executionId !== undefined
        ? await readExecution(executions, executionId)
        : undefined;
    const askRunner = async () =>
      executionId === undefined
        ? undefined
        : runnerReport(
            runnerClient,
            runnerWorkflowIds(executionId, isRead(seen) ? seen.runnerWorkflowId : undefined),
          );
    return {
      workflowId: caller.workflowId,
      runId: caller.runId,
      workflowType: caller.type,
      activityId: activity.activityId ?? "",
      activityType: activity.activityType?.name ?? "",
      attempt: activity.attempt ?? 1,
      ...(waitingSince && { waitingSince }),
      ...(deadline && { deadline }),
      ...(lastHeartbeat && { lastHeartbeat }),
      ...(executionId !== undefined && { executionId }),
      ...(isRead(seen) && { phase: seen.phase, token: seen.token }),
      ...(await stateOf(wait, seen, askRunner, now)),
    };
  }
}

function visibilityQuery(query: string | undefined, startedBefore: number | undefined): string {
  const conditions = ['ExecutionStatus = "Running"'];
  // An activity is no older than the run of its workflow.
  if (startedBefore !== undefined) {
    conditions.push(`StartTime < "${new Date(startedBefore).toISOString()}"`);
  }
  if (query !== undefined) conditions.push(`(${query})`);
  return conditions.join(" AND ");
}

/** None of a workflow that has ended since it was listed. */
async function pendingActivities(
  client: Client,
  { workflowId, runId }: WorkflowExecutionInfo,
): Promise<PendingActivity[]> {
  try {
    const { pendingActivities } = await client.workflowService.describeWorkflowExecution({
      namespace: client.options.namespace,
      execution: { workflowId, runId },
    });
    return pendingActivities ?? [];
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}

type ReadExecution = Extract<SeenExecution, { phase: string }>;

function isRead(seen: SeenExecution | undefined): seen is ReadExecution {
  return typeof seen === "object" && "phase" in seen;
}
