// The caller's side of the handshake: activities that start an execution and go pending.

import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { type CallbackToken, describeCallbackToken, type Execution } from "@stigmer/apis";
import { type AgentExecution, AgentExecutionSchema } from "@stigmer/apis/agentexecution/v1";
import { ApiResourceOwnerScope } from "@stigmer/apis/apiresource";
import { isTerminal, startExecution } from "@stigmer/apis/handshake";
import { type ActivityHandle, pending } from "@stigmer/apis/testing";
import {
  type WorkflowExecution,
  WorkflowExecutionSchema,
} from "@stigmer/apis/workflowexecution/v1";
import { runAgent } from "./run-agent.js";
import { workflows } from "./workflows.js";
import type { World } from "./world.js";

// Nothing here takes a second; an attempt that takes ten has lost its execution and is retried.
const startToCloseTimeoutMs = 10_000;

/** A request for a workflow: what a shop's checkout would send. */
export function workflowRequest(world: World, workflowId: string, id: string): WorkflowExecution {
  return create(WorkflowExecutionSchema, {
    apiVersion: "agentic.stigmer.ai/v1",
    kind: "WorkflowExecution",
    metadata: {
      id,
      name: `${workflowId} for A-1001`,
      org: "shop",
      ownerScope: ApiResourceOwnerScope.organization,
      labels: { team: "checkout" },
      tags: ["order:A-1001"],
    },
    spec: {
      workflowId,
      triggerMessage: JSON.stringify({
        orderId: "A-1001",
        items: [
          { sku: "lamp-oak-40", quantity: 2 },
          { sku: "bulb-e27-warm", quantity: 4 },
        ],
      }),
      triggerMetadata: { channel: "web", locale: "de-AT" },
      runtimeEnv: {
        STOCK_URL: { value: world.stock.url },
        STOCK_API_KEY: { value: world.stockApiKey, isSecret: true },
      },
    },
  });
}

/** A request for an agent: a question to answer about an order. */
export function agentRequest(world: World, id: string): AgentExecution {
  return create(AgentExecutionSchema, {
    apiVersion: "agentic.stigmer.ai/v1",
    kind: "AgentExecution",
    metadata: { id, name: "answer the customer of A-1001", org: "shop", tags: ["order:A-1001"] },
    spec: {
      agentId: "support-agent",
      message: "When will the lamps of order A-1001 arrive? Answer in one sentence.",
      executionConfig: { modelName: "small-and-quick" },
      runtimeEnv: { STOCK_API_KEY: { value: world.stockApiKey, isSecret: true } },
    },
  });
}

/** The activity that has a workflow executed and goes pending until it has ended. */
export function callWorkflow(world: World, workflowId: string): ActivityHandle {
  const { commands, queries } = world.workflow;
  return world.engine.startActivity(
    async ({ activityId, attempt, token }) => {
      // Every attempt gives the same id, so that a later one finds what an earlier one has started.
      const request = workflowRequest(world, workflowId, `wex-${activityId}`);
      const execution = await startExecution(request, token, commands, queries);
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
export function callAgent(world: World): ActivityHandle {
  const { commands, queries } = world.agent;
  return world.engine.startActivity(
    async ({ activityId, attempt, token }) => {
      const request = agentRequest(world, `aex-${activityId}`);
      const execution = await startExecution(request, token, commands, queries);
      logStart(world, attempt, token, execution);
      if (isTerminal(execution) && execution.status !== undefined) return execution.status;
      dispatchAgent(world, request.metadata?.id ?? "");
      world.log("caller", `went pending on ${execution.metadata?.id}`);
      return pending;
    },
    { startToCloseTimeoutMs },
  );
}

const takenAgents = new Set<string>();

/** Has a runner take an agent execution, unless one has it already. */
function dispatchAgent(world: World, id: string): void {
  if (takenAgents.has(id)) return;
  takenAgents.add(id);
  runAgent(world, id).catch((error: unknown) => {
    takenAgents.delete(id);
    world.log("runner", `lost ${id}: ${error instanceof Error ? error.message : String(error)}`);
  });
}

/** Has a runner take a workflow execution, unless one has it already. */
export async function dispatchWorkflow(world: World, execution: WorkflowExecution): Promise<void> {
  try {
    await world.workflow.runner.executeAsync({
      workflowExecutionId: execution.metadata?.id ?? "",
      workflowYaml: workflows.get(execution.spec?.workflowId ?? "") ?? "",
    });
  } catch (error) {
    if (ConnectError.from(error).code !== Code.FailedPrecondition) throw error;
  }
}

function logStart(world: World, attempt: number, token: CallbackToken, execution: Execution) {
  const id = execution.metadata?.id;
  const did = isTerminal(execution)
    ? `found ${id} ended`
    : `${attempt === 1 ? "created" : "re-armed"} ${id} with token ${describeCallbackToken(token)}`;
  world.log("caller", `attempt ${attempt} ${did}`);
}
