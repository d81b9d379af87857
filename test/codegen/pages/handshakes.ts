import { randomUUID } from "node:crypto";
import {
  ExecutionPhase,
  type WorkflowExecution,
  type WorkflowExecutionStatus,
} from "@stigmer/apis/workflowexecution/v1";
import { WorkflowFailedError, type WorkflowHandle } from "@temporalio/client";
import { CancelledFailure } from "@temporalio/common";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findSecrets } from "../../find-secrets.js";
import type { TemporalServer } from "../../temporal/server.js";
import {
  executionOf,
  failureOf,
  finish,
  storedStatus,
  untilRunning,
} from "../../temporal/world/observe.js";
import { serviceNames } from "../../temporal/world/service.js";
import { startWorld, until, type World } from "../../temporal/world/world.js";
import type { PageProgram } from "./page-program.js";

const { EXECUTION_COMPLETED, EXECUTION_CANCELLED } = ExecutionPhase;

/** What a reader has who has followed a page. */
export interface Followed {
  /** Runs a program as the page says, with its variables. */
  start(program: string, env: NodeJS.ProcessEnv): PageProgram;
}

/** Runs the programs of a page against TypeScript, on a real server. */
export function describeHandshakes(
  page: () => Followed,
  server: () => TemporalServer,
  programs: { readonly caller: string; readonly runner: string },
): void {
  describe.each(serviceNames)("the runner and a TypeScript caller, service: %s", (service) => {
    let world: World;
    let runner: PageProgram;

    beforeAll(async () => {
      const queues = { caller: `caller-${randomUUID()}`, runner: "runner" };
      world = await startWorld(server().address, "default", { service, protocol: "grpc", queues });
      runner = page().start(programs.runner, environmentOf(world));
      await world.startWorker("caller");
    });
    afterAll(async () => {
      await runner?.kill();
      await world?.stop();
    });

    const call = (plan: object, heartbeatTimeout = "1m") =>
      world.call("workflow", plan, { heartbeatTimeout });

    it.concurrent("agree on a result", async () => {
      const calling = await call({});
      const id = await executionOf(world, calling);
      const status: WorkflowExecutionStatus = await calling.result();
      expect([status.phase, status.output]).toEqual([EXECUTION_COMPLETED, { parcel: `P-${id}` }]);
      expect(await world.client.workflow.getHandle(id).result()).toMatchObject({
        ExecutionID: id,
        Result: { parcel: `P-${id}` },
      });
    });

    it.concurrent("agree on a failure", async () => {
      const failure = await failureOf(await call({ error: "out of stock" }));
      expect(failure).toMatchObject({ type: "ExecutionFailed", message: "out of stock" });
    });

    it.concurrent("agree on a cancellation of the caller", async () => {
      const calling = await call({ seconds: 600 });
      const id = await executionOf(world, calling);
      await untilRunning(world, id);
      await calling.cancel();
      await expectCancelled(world, calling, id);
    });

    it.concurrent("agree on a cancellation of the runner", async () => {
      const calling = await call({ seconds: 600 });
      const id = await executionOf(world, calling);
      await untilRunning(world, id);
      await world.client.workflow.getHandle(id).cancel();
      expect(await failureOf(calling)).toMatchObject({ type: "ExecutionCancelled" });
      expect((await storedStatus(world, id))?.phase).toBe(EXECUTION_CANCELLED);
    });

    it.concurrent("agree on a result for an attempt that came later", async () => {
      // Less than there is between two heartbeats.
      const calling = await call({ seconds: 8 }, "3s");
      expect(await calling.result()).toMatchObject({ phase: EXECUTION_COMPLETED });
      expect(world.rearmed()).toBeGreaterThan(0);
    });

    it("prints no token", () => expectNoTokens(runner, world));
  });

  describe.each(serviceNames)("the caller and a TypeScript runner, service: %s", (service) => {
    let world: World;
    let caller: PageProgram;

    beforeAll(async () => {
      const queues = { caller: "orders", runner: `runner-${randomUUID()}` };
      world = await startWorld(server().address, "default", { service, protocol: "grpc", queues });
      caller = page().start(programs.caller, environmentOf(world));
      await world.startWorker("runner");
    });
    afterAll(async () => {
      await caller?.kill();
      await world?.stop();
    });

    /** Starts the page's workflow, and waits for its execution. */
    async function order(plan: object): Promise<{ calling: WorkflowHandle; id: string }> {
      const message = JSON.stringify({ ...plan, name: randomUUID() });
      const calling = await world.client.workflow.start("fulfilOrder", {
        taskQueue: "orders",
        workflowId: `order-${randomUUID()}`,
        args: [message],
      });
      const created = () =>
        world.created.find(
          ({ spec }) => (spec as WorkflowExecution["spec"])?.triggerMessage === message,
        );
      await until("the execution is created", () => created() !== undefined);
      return { calling, id: created()?.metadata?.id ?? "" };
    }

    it("finds its execution when the answer to create was lost", async () => {
      world.loseAnswer("create");
      const { calling, id } = await order({ untilFinished: true, answer: "fine" });
      await until("it is re-armed", () => world.rearmed() === 1);
      await finish(world, id);
      expect((await calling.result()).output).toEqual({ from: id, answer: "fine" });
    });

    it("reads what has ended before the next attempt", async () => {
      world.loseAnswer("create");
      const { calling, id } = await order({ answer: "fine" });
      expect((await calling.result()).output).toEqual({ from: id, answer: "fine" });
    });

    it.concurrent("agree on a result", async () => {
      const { calling, id } = await order({ answer: "fine" });
      expect((await calling.result()).output).toEqual({ from: id, answer: "fine" });
    });

    it.concurrent("agree on a failure", async () => {
      const { calling } = await order({ error: "out of stock" });
      expect(await failureOf(calling)).toMatchObject({
        type: "NotFulfilled",
        message: "not fulfilled: out of stock",
      });
    });

    it.concurrent("agree on a cancellation of the caller", async () => {
      const { calling, id } = await order({ untilFinished: true });
      await untilRunning(world, id);
      await calling.cancel();
      await expectCancelled(world, calling, id);
    });

    it.concurrent("takes what a runner in Go completes it with", async () => {
      const { calling, id } = await order({ untilFinished: true, answer: "fine" });
      await untilRunning(world, id);
      const { spec } = await world.asRunner.workflow.queries.get({ value: id });
      await until("the activity is pending", async () => {
        const { raw } = await calling.describe();
        return raw.pendingActivities?.some(({ heartbeatDetails }) => heartbeatDetails) ?? false;
      });
      await world.client.activity.complete(spec?.callbackToken ?? new Uint8Array(), {
        status: { phase: 1 },
      });
      await finish(world, id);
      expect((await calling.result()).output).toEqual({ from: id, answer: "fine" });
    });

    it("prints no token", () => expectNoTokens(caller, world));
  });

  function environmentOf(world: World): NodeJS.ProcessEnv {
    return {
      TEMPORAL_ADDRESS: server().address,
      CALLERS_TEMPORAL_ADDRESS: server().address,
      SERVICE_ADDRESS: new URL(world.serviceUrl).host,
      RUNNER_KEY: world.serviceKey ?? "",
    };
  }
}

async function expectCancelled(world: World, calling: WorkflowHandle, id: string): Promise<void> {
  const ended: unknown = await calling.result().catch((error: unknown) => error);
  expect(ended instanceof WorkflowFailedError && ended.cause).toBeInstanceOf(CancelledFailure);
  expect((await storedStatus(world, id))?.phase).toBe(EXECUTION_CANCELLED);
}

function expectNoTokens(program: PageProgram, { created }: World): void {
  const tokens = created.map(({ spec }) => spec?.callbackToken ?? new Uint8Array());
  expect(tokens.length).toBeGreaterThan(3);
  // The ids of workflows stand in a token as they do in the lines about them.
  const found = findSecrets(program.output(), tokens).filter((text) => !text.endsWith("as text"));
  expect(found).toEqual([]);
  expect(program.output()).not.toMatch(/token/i);
}
