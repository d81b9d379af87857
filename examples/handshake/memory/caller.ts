// The caller's side of the handshake: activities that start an execution and go pending, and a caller
// without a token.

import { randomUUID } from "node:crypto";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  type CallbackToken,
  describeCallbackToken,
  type Execution,
  getCallbackToken,
} from "@stigmer/apis";
import { isTerminal, startExecution, waitForExecution } from "@stigmer/apis/handshake";
import { type ActivityHandle, type ActivityResult, pending } from "@stigmer/apis/testing";
import { ExecutionPhase, type WorkflowExecution } from "@stigmer/apis/workflowexecution/v1";
import { agentRequest, withStockApiKey, workflowRequest } from "../requests.js";
import { workflows } from "../workflows.js";
import { runAgent } from "./run-agent.js";
import type { Surroundings } from "./world.js";

// Nothing here takes a second; an attempt that takes ten has lost its execution and is retried.
const startToCloseTimeoutMs = 10_000;

/** The activity that has a workflow executed and goes pending until it has ended. */
export function callWorkflow(world: Surroundings, workflowId: string): ActivityHandle {
  const { commands, queries } = world.asCaller.workflow;
  return world.engine.startActivity(
    async ({ activityId, attempt, token }) => {
      // Every attempt gives the same id, so that a later one finds what an earlier one has started.
      const request = requestOf(world, workflowId, `wex-${activityId}`);
      const execution = await startExecution(request, token, { commands, queries });
      logStart(world, attempt, token, execution);
      if (isTerminal(execution) && execution.status !== undefined) return execution.status;
      await dispatchWorkflow(world, execution);
      world.log("caller", `went pending on ${execution.metadata?.id}`);
      return pending;
    },
    { startToCloseTimeoutMs },
  );
}

/** The activity that has an agent do something and goes pending until it has ended. */
export function callAgent(world: Surroundings): ActivityHandle {
  const { commands, queries } = world.asCaller.agent;
  return world.engine.startActivity(
    async ({ activityId, attempt, token }) => {
      const request = withStockApiKey(agentRequest(`aex-${activityId}`), world.stockApiKey);
      const execution = await startExecution(request, token, { commands, queries });
      logStart(world, attempt, token, execution);
      if (isTerminal(execution) && execution.status !== undefined) return execution.status;
      dispatchAgent(world, request.metadata?.id ?? "");
      world.log("caller", `went pending on ${execution.metadata?.id}`);
      return pending;
    },
    { startToCloseTimeoutMs },
  );
}

/** The same as `callWorkflow`, but the first attempt is given up while its execution runs. */
export function callAndLoseAttempt(world: Surroundings, workflowId: string): ActivityHandle {
  const { queries } = world.asRunner.workflow;
  const activity = callWorkflow(world, workflowId);
  const id = `wex-${activity.activityId}`;
  // Half way: the second task has asked for stock and gets its answer when the retry is through.
  world.stock.beforeAnswer = async () => {
    world.stock.beforeAnswer = async () => {};
    const before = tokenOf(await queries.get({ value: id }));
    world.log("caller", "attempt 1 timed out; its token is dead");
    activity.timeOutAttempt();
    for await (const execution of queries.subscribe({ executionId: id })) {
      if (tokenOf(execution) !== before) break;
    }
  };
  return activity;
}

/** Has a workflow executed and waits for it by subscribing. */
export async function callWithoutToken(
  world: Surroundings,
  workflowId: string,
): Promise<ActivityResult> {
  const { commands, queries } = world.asCaller.workflow;
  const id = `wex-${randomUUID()}`;
  const execution = await commands.create(requestOf(world, workflowId, id));
  world.log("caller", `created ${id} without a token; subscribes`);
  await dispatchWorkflow(world, execution);
  const deadline = new Date(Date.now() + 30_000);
  const status = await waitForExecution(id, queries, { deadline });
  world.log("caller", `saw ${id} end as ${ExecutionPhase[status.phase]}`);
  return status.phase === ExecutionPhase.EXECUTION_COMPLETED
    ? { outcome: "completed", status }
    : { outcome: "failed", message: status.error, status };
}

function requestOf(world: Surroundings, workflowId: string, id: string): WorkflowExecution {
  return withStockApiKey(workflowRequest(workflowId, world.stock.url, id), world.stockApiKey);
}

/** Has a runner take a workflow execution, unless one has it already. */
async function dispatchWorkflow(world: Surroundings, execution: WorkflowExecution): Promise<void> {
  try {
    await world.asCaller.workflow.runner.executeAsync({
      workflowExecutionId: execution.metadata?.id ?? "",
      workflowYaml: workflows.get(execution.spec?.workflowId ?? "") ?? "",
    });
  } catch (error) {
    if (ConnectError.from(error).code !== Code.FailedPrecondition) throw error;
  }
}

const takenAgents = new Set<string>();

/** Has a runner take an agent execution, unless one has it already. */
function dispatchAgent(world: Surroundings, id: string): void {
  if (takenAgents.has(id)) return;
  takenAgents.add(id);
  runAgent(world, id).catch((error: unknown) => {
    takenAgents.delete(id);
    world.log("runner", `lost ${id}: ${error instanceof Error ? error.message : String(error)}`);
  });
}

function logStart(
  world: Surroundings,
  attempt: number,
  token: CallbackToken,
  execution: Execution,
) {
  const id = execution.metadata?.id;
  const did = isTerminal(execution)
    ? `found ${id} ended`
    : `${attempt === 1 ? "created" : "re-armed"} ${id} with token ${describeCallbackToken(token)}`;
  world.log("caller", `attempt ${attempt} ${did}`);
}

function tokenOf(execution: WorkflowExecution): string {
  const token = getCallbackToken(execution);
  return token === undefined ? "" : describeCallbackToken(token);
}
