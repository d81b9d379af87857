import { randomUUID } from "node:crypto";
import {
  describeCallbackToken,
  type ExecutionStatus,
  getCallbackToken,
  hasCallbackToken,
} from "@stigmer/apis";
import { waitForExecution } from "@stigmer/apis/handshake";
import type { ActivityResult } from "@stigmer/apis/testing";
import { ExecutionPhase, type WorkflowExecution } from "@stigmer/apis/workflowexecution/v1";
import { callAgent, callWorkflow, dispatchWorkflow, workflowRequest } from "./caller.js";
import type { World } from "./world.js";

export type Outcome = ActivityResult["outcome"];

export interface Scenario {
  readonly title: string;
  readonly expected: Outcome;
  run(world: World): Promise<Outcome>;
}

/** The scenarios of the main job by their names, in the order in which they run. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  workflow: {
    title: "an activity waits for a workflow",
    expected: "completed",
    run: viewedWorkflow,
  },
  agent: {
    title: "an activity waits for an agent",
    expected: "completed",
    run: async (world) => resume(world, await callAgent(world).result),
  },
  "without-token": {
    title: "a caller without a token waits by subscribing",
    expected: "completed",
    run: withoutToken,
  },
  failing: {
    title: "the workflow fails, and so does the activity",
    expected: "failed",
    run: async (world) => resume(world, await callWorkflow(world, "refund-order").result),
  },
  "retried-caller": {
    title: "the activity is retried half way, which kills its first token",
    expected: "completed",
    run: retriedCaller,
  },
  nested: {
    title: "a workflow starts another one, each with its own token",
    expected: "completed",
    run: async (world) => resume(world, await callWorkflow(world, "handle-checkout").result),
  },
};

async function viewedWorkflow(world: World): Promise<Outcome> {
  const activity = callWorkflow(world, "fulfil-order");
  const result = await activity.result;
  const id = `wex-${activity.activityId}`;
  const seen = await world.workflow.queries.get({ value: id });
  const token = hasCallbackToken(seen) ? "its token" : "no token";
  const secret = seen.spec?.runtimeEnv.STOCK_API_KEY?.value ? "a secret" : "no secret";
  world.log("viewer", `sees ${id} with ${token} and ${secret}`);
  return resume(world, result);
}

async function withoutToken(world: World): Promise<Outcome> {
  const { commands, queries } = world.workflow;
  const id = `wex-${randomUUID()}`;
  const execution = await commands.create(workflowRequest(world, "fulfil-order", id));
  world.log("caller", `created ${id} without a token; subscribes`);
  await dispatchWorkflow(world, execution);
  const deadline = new Date(Date.now() + 30_000);
  const { phase } = await waitForExecution(queries, id, { deadline });
  world.log("caller", `saw ${id} end as ${ExecutionPhase[phase]}`);
  return phase === ExecutionPhase.EXECUTION_COMPLETED ? "completed" : "failed";
}

async function retriedCaller(world: World): Promise<Outcome> {
  const { queries } = world.asRunner.workflow;
  const activity = callWorkflow(world, "fulfil-order");
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
  return resume(world, await activity.result);
}

function resume(world: World, result: ActivityResult): Outcome {
  switch (result.outcome) {
    case "completed":
      world.log("caller", `resumed: completed with ${resultOf(result.status)}`);
      break;
    case "failed":
      world.log("caller", `resumed: failed, ${result.message}`);
      break;
    default:
      world.log("caller", `resumed: ${result.outcome}`);
  }
  return result.outcome;
}

function resultOf(status: ExecutionStatus): string {
  return status.$typeName === "ai.stigmer.agentic.workflowexecution.v1.WorkflowExecutionStatus"
    ? `reservation ${status.output?.reservationId}`
    : `${status.messages.length} messages`;
}

function tokenOf(execution: WorkflowExecution): string {
  const token = getCallbackToken(execution);
  return token === undefined ? "" : describeCallbackToken(token);
}
