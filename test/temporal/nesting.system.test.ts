import { type Execution, getCallbackToken } from "@stigmer/apis";
import { ExecutionPhase } from "@stigmer/apis/workflowexecution/v1";
import { ApplicationFailure, CancelledFailure } from "@temporalio/common";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTemporalServer, type TemporalServer, temporalAvailable } from "./server.js";
import { serviceNames } from "./world/service.js";
import type { Plan } from "./world/workflows.js";
import { startWorld, until, type World } from "./world/world.js";

// A workflow execution, which starts a workflow execution, which starts an agent execution.
function nested(plan: Plan): Plan {
  return { nested: { kind: "workflow", plan: { nested: { kind: "agent", plan } } } };
}

describe.skipIf(!temporalAvailable()).each(serviceNames)(
  "a workflow that starts a workflow that starts an agent (%s service)",
  (service) => {
    let server: TemporalServer;
    let world: World;

    beforeAll(async () => {
      server = await startTemporalServer();
      world = await startWorld(server.address, "default", { service });
      await Promise.all([world.startWorker("caller"), world.startWorker("runner")]);
    });

    afterAll(async () => {
      await world?.stop();
      await server?.stop();
    });

    /** Starts one and waits until all three levels exist. */
    async function start(plan: Plan) {
      const before = world.created.length;
      const handle = await world.call("workflow", nested(plan));
      await until("three executions", () => world.created.length === before + 3);
      const levels = world.created.slice(before);
      return { handle, levels, phases: () => Promise.all(levels.map(phaseOf)) };
    }

    async function phaseOf({ $typeName, metadata }: Execution): Promise<number | undefined> {
      const { workflow, agent } = world.asRunner;
      const value = metadata?.id ?? "";
      const { status } = await ($typeName.endsWith("AgentExecution")
        ? agent.queries.get({ value })
        : workflow.queries.get({ value }));
      return status?.phase;
    }

    it("succeeds at every level, each with a token of its own", async () => {
      const { handle, levels, phases } = await start({ ms: 100 });
      expect(await handle.result()).toMatchObject({
        phase: ExecutionPhase.EXECUTION_COMPLETED,
        output: { from: levels[0]?.metadata?.id },
      });
      expect(await phases()).toEqual(Array(3).fill(ExecutionPhase.EXECUTION_COMPLETED));
      expect(levels.map(({ $typeName }) => $typeName.split(".").at(-1))).toEqual([
        "WorkflowExecution",
        "WorkflowExecution",
        "AgentExecution",
      ]);
      expect(new Set(levels.map((level) => `${getCallbackToken(level)}`)).size).toBe(3);
    });

    it("fails at every level when it fails at the bottom", async () => {
      const { handle, phases } = await start({ error: "the model is out of tokens" });
      const cause = await handle.result().catch((error: Error) => error.cause);
      expect(cause).toBeInstanceOf(ApplicationFailure);
      expect(cause).toMatchObject({
        type: "ExecutionFailed",
        message: "the model is out of tokens",
        details: [{ phase: ExecutionPhase.EXECUTION_FAILED }],
      });
      expect(await phases()).toEqual(Array(3).fill(ExecutionPhase.EXECUTION_FAILED));
    });

    it("is cancelled at every level when it is cancelled at the top", async () => {
      const { handle, phases } = await start({ untilFinished: true });
      await handle.cancel();
      const error = await handle.result().catch((error: Error) => error.cause);
      expect(error).toBeInstanceOf(CancelledFailure);
      expect(await phases()).toEqual(Array(3).fill(ExecutionPhase.EXECUTION_CANCELLED));
    });
  },
);
