import { type ExecutionStatus, hasCallbackToken } from "@stigmer/apis";
import type { ActivityResult } from "@stigmer/apis/testing";
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
    run: async (world) => resume(world, await (await world.callAgent()).result),
  },
  "without-token": {
    title: "a caller without a token waits by subscribing",
    expected: "completed",
    run: async (world) => resume(world, await world.callWithoutToken("fulfil-order")),
  },
  failing: {
    title: "the workflow fails, and so does the activity",
    expected: "failed",
    run: (world) => callWorkflow(world, "refund-order"),
  },
  "retried-caller": {
    title: "the activity is retried half way, which kills its first token",
    expected: "completed",
    run: async (world) => {
      const call = await world.callAndLoseAttempt("fulfil-order");
      return resume(world, await call.result);
    },
  },
  nested: {
    title: "a workflow starts another one, each with its own token",
    expected: "completed",
    run: (world) => callWorkflow(world, "handle-checkout"),
  },
};

async function callWorkflow(world: World, workflowId: string): Promise<Outcome> {
  const call = await world.callWorkflow(workflowId);
  return resume(world, await call.result);
}

async function viewedWorkflow(world: World): Promise<Outcome> {
  const call = await world.callWorkflow("fulfil-order");
  const result = await call.result;
  const id = await call.executionId();
  const seen = await world.viewer.workflow.queries.get({ value: id });
  const token = hasCallbackToken(seen) ? "its token" : "no token";
  const secret = seen.spec?.runtimeEnv.STOCK_API_KEY?.value ? "a secret" : "no secret";
  world.log("viewer", `sees ${id} with ${token} and ${secret}`);
  return resume(world, result);
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
