import { setImmediate } from "node:timers/promises";
import { Code, createClient } from "@connectrpc/connect";
import { describe, expect, it, vi } from "vitest";
import {
  type ActivityCompleter,
  HandshakeError,
  reportOutcome,
} from "../../src/handshake/index.js";
import {
  createActivityEngine,
  createExecutionService,
  type RunControl,
  type RunWorkflow,
} from "../../src/testing/index.js";
import {
  type WorkflowExecuteInput,
  WorkflowRunnerServiceController,
} from "../../src/workflowrunner/v1.js";
import {
  connections,
  EXECUTION_CANCELLED,
  EXECUTION_COMPLETED,
  EXECUTION_FAILED,
  EXECUTION_IN_PROGRESS,
  end,
  idOf,
  inMemory,
  newToken,
  present,
  refusal,
  rejection,
  soon,
  startWaiting,
  workflowKind,
} from "./fixtures.js";

const { InvalidArgument, NotFound, FailedPrecondition } = Code;
const workflowYaml = "document: {dsl: 1.0.0, namespace: a, name: b, version: 1.0.0}\ndo: []\n";

describe.each(connections)("the runner over $over", ({ open }) => {
  /** A service with this run function, and an activity that waits for a new execution of it. */
  async function connect(run: RunWorkflow, wrap = (engine: ActivityCompleter) => engine) {
    const engine = createActivityEngine();
    const service = createExecutionService({ run, completer: wrap(engine) });
    const { transport } = await open(service);
    const client = workflowKind.connect(transport);
    const runner = createClient(WorkflowRunnerServiceController, transport);
    const { handle, token } = await startWaiting(engine);
    const workflowExecutionId = idOf(await client.create(workflowKind.valid({ token: token() })));
    const executionId = workflowExecutionId;
    const start = () => runner.executeAsync({ workflowExecutionId, workflowYaml });
    const status = async () => (await client.get({ value: executionId })).status;
    const reaches = (phase: number) =>
      vi.waitFor(async () => expect((await status())?.phase).toBe(phase), soon);
    return { engine, service, client, runner, handle, token, executionId, start, status, reaches };
  }

  describe("executeAsync", () => {
    it("gives a receipt before the run has ended, and runs the function with the input", async () => {
      const { promise: gate, resolve: openGate } = withResolvers();
      const inputs: WorkflowExecuteInput[] = [];
      const { client, engine, handle, executionId, start, reaches } = await connect(
        async (input, { signal }) => {
          inputs.push(input);
          expect(signal.aborted).toBe(false);
          await client.updateStatus(input.workflowExecutionId, { phase: EXECUTION_IN_PROGRESS });
          await gate;
          const ended = await client.updateStatus(input.workflowExecutionId, {
            phase: EXECUTION_COMPLETED,
          });
          await reportOutcome(ended, engine, client);
        },
      );
      const receipt = await start();
      expect(receipt.workflowExecutionId).toBe(executionId);
      expect(receipt.status).not.toBe("");
      await reaches(EXECUTION_IN_PROGRESS);
      openGate();
      const { status } = await last(client.subscribe(executionId));
      expect(await handle.result).toEqual({ outcome: "completed", status });
      expect(inputs).toMatchObject([{ workflowExecutionId: executionId, workflowYaml }]);
    });

    it.each<[what: string, run: RunWorkflow, error: string]>([
      ["throws", async () => Promise.reject(new Error("disk full")), "disk full"],
      ["throws no error", () => Promise.reject("disk full"), "disk full"],
      ["returns early", async () => {}, "returned before"],
    ])("fails the execution and the waiting activity when the run %s", async (_, run, error) => {
      const { start, status, handle, reaches } = await connect(run);
      await start();
      const result = await handle.result;
      await reaches(EXECUTION_FAILED);
      expect((await status())?.error).toContain(error);
      expect(await status()).toMatchObject({ completedAt: expect.stringMatching(/Z$/) });
      expect(result).toMatchObject({ outcome: "failed", status: await status() });
      expect(result).toMatchObject({ message: (await status())?.error });
    });

    it("refuses an empty id, an id that nobody has, and a second start", async () => {
      const { promise: gate, resolve: openGate } = withResolvers();
      const { runner, start, status, reaches } = await connect(() => gate);
      await refusal(runner.executeAsync({ workflowYaml }), InvalidArgument);
      const workflowExecutionId = "wex-missing";
      await refusal(runner.executeAsync({ workflowExecutionId, workflowYaml }), NotFound);
      await start();
      await refusal(start(), FailedPrecondition);
      openGate();
      await reaches(EXECUTION_FAILED);
      const ended = await status();
      await refusal(start(), FailedPrecondition);
      expect(await status()).toEqual(ended);
    });

    it("refuses an execution that somebody else runs", async () => {
      const { client, executionId, start } = await connect(async () => {});
      await client.updateStatus(executionId, { phase: EXECUTION_IN_PROGRESS });
      await refusal(start(), FailedPrecondition);
    });
  });

  describe("cancelExecution", () => {
    it("cancels at once what nobody runs, tells the activity, and does nothing when repeated", async () => {
      const { runner, status, handle, executionId } = await connect(async () => {});
      await runner.cancelExecution({ executionId, reason: "not needed" });
      const cancelled = await status();
      expect(cancelled).toMatchObject({ phase: EXECUTION_CANCELLED, error: "not needed" });
      expect(await handle.result).toEqual({ outcome: "cancelled", status: cancelled });
      for (const force of [false, true]) await runner.cancelExecution({ executionId, force });
      expect(await status()).toEqual(cancelled);
    });

    it.each([
      { reason: "changed my mind", error: "changed my mind" },
      { reason: "", error: "cancelled" },
    ])("asks a run to stop ($error) and cancels when it has", async ({ reason, error }) => {
      const { promise: gate, resolve: openGate } = withResolvers();
      const { promise: asked, resolve: isAsked } = withResolvers<unknown>();
      const { runner, start, status, reaches, executionId, handle } = await connect(
        async (_input, { signal }) => {
          signal.addEventListener("abort", () => isAsked(signal.reason));
          await gate;
        },
      );
      await start();
      await runner.cancelExecution({ executionId, reason });
      expect(await asked).toMatchObject({ message: error });
      expect((await status())?.phase).not.toBe(EXECUTION_CANCELLED);
      await runner.cancelExecution({ executionId, reason: "asked twice" });
      openGate();
      await reaches(EXECUTION_CANCELLED);
      expect((await status())?.error).toBe(error);
      expect(await handle.result).toEqual({ outcome: "cancelled", status: await status() });
    });

    it("lets a run that is asked to stop complete all the same", async () => {
      const { client, runner, start, status, executionId, service } = await connect(
        async (_input, { signal }) => {
          await aborted(signal);
          await end(client, executionId, EXECUTION_COMPLETED);
        },
      );
      await start();
      await runner.cancelExecution({ executionId });
      await last(client.subscribe(executionId));
      await service.stop();
      expect((await status())?.phase).toBe(EXECUTION_COMPLETED);
    });

    it("ends a run that does not listen at once by force", async () => {
      const { promise: gate, resolve: openGate } = withResolvers();
      const { runner, start, status, executionId, handle, service } = await connect(() => gate);
      await start();
      await runner.cancelExecution({ executionId, reason: "now", force: true });
      const cancelled = await status();
      expect(cancelled).toMatchObject({ phase: EXECUTION_CANCELLED, error: "now" });
      expect(await handle.result).toEqual({ outcome: "cancelled", status: cancelled });
      openGate();
      await service.stop();
      expect(await status()).toEqual(cancelled);
    });

    it("tells the activity with the next try when the engine was away", async () => {
      let isAway = true;
      const reported: unknown[] = [];
      const { runner, executionId, status } = await connect(
        async () => {},
        (engine) => ({
          ...engine,
          async reportCancellation(token, ended) {
            if (isAway) return unavailable();
            reported.push(ended.phase);
            return engine.reportCancellation(token, ended);
          },
        }),
      );
      await rejection(runner.cancelExecution({ executionId }));
      expect(await status()).toMatchObject({ phase: EXECUTION_CANCELLED });
      isAway = false;
      await runner.cancelExecution({ executionId });
      await runner.cancelExecution({ executionId });
      expect(reported).toEqual([EXECUTION_CANCELLED]);
    });

    it("by force also asks the run to stop when the activity cannot be told", async () => {
      let signal: AbortSignal | undefined;
      const { runner, start, executionId } = await connect(
        async (_input, control) => {
          signal = control.signal;
          await aborted(control.signal);
        },
        (engine) => ({ ...engine, reportCancellation: unavailable }),
      );
      await start();
      await rejection(runner.cancelExecution({ executionId, reason: "now", force: true }));
      expect(signal?.aborted).toBe(true);
    });

    it.each([EXECUTION_COMPLETED, EXECUTION_FAILED])("refuses phase %i", async (phase) => {
      const { client, runner, executionId, status } = await connect(async () => {});
      await end(client, executionId, phase);
      const ended = await status();
      for (const force of [false, true]) {
        await refusal(runner.cancelExecution({ executionId, force }), FailedPrecondition);
      }
      expect(await status()).toEqual(ended);
    });
  });

  describe("pauseExecution and resumeExecution", () => {
    /** A run of as many steps as it is told, which may be paused before each. */
    async function connectStepwise() {
      const steps: number[] = [];
      let proceed: () => void = () => {};
      let failure: unknown;
      const connection = await connect(async (_input, control: RunControl) => {
        const { client, executionId } = connection;
        await client.updateStatus(executionId, { phase: EXECUTION_IN_PROGRESS });
        for (let step = 1; step <= 3; step++) {
          await new Promise<void>((resolve) => {
            proceed = resolve;
          });
          await control.untilResumed().catch((error: unknown) => {
            failure = error;
            throw error;
          });
          steps.push(step);
        }
        await client.updateStatus(executionId, { phase: EXECUTION_COMPLETED });
      });
      await connection.start();
      await connection.reaches(EXECUTION_IN_PROGRESS);
      return {
        ...connection,
        steps,
        next: () => proceed(),
        stepped: (count: number) => vi.waitFor(() => expect(steps).toHaveLength(count), soon),
        failure: () => failure,
      };
    }

    it("hold a run before its next step, IN_PROGRESS, until it is resumed", async () => {
      const { runner, executionId, steps, next, stepped, status, reaches } =
        await connectStepwise();
      next();
      await stepped(1);
      // Twice each, for repeating does nothing.
      await runner.pauseExecution({ executionId, reason: "lunch" });
      next();
      await runner.pauseExecution({ executionId, reason: "a long lunch" });
      // Each of these takes longer than a step that is not held.
      for (let i = 0; i < 10; i++) expect((await status())?.phase).toBe(EXECUTION_IN_PROGRESS);
      expect(steps).toEqual([1]);
      for (let i = 0; i < 2; i++) await runner.resumeExecution({ executionId });
      await stepped(2);
      next();
      await reaches(EXECUTION_COMPLETED);
      expect(steps).toEqual([1, 2, 3]);
    });

    it("let a paused run be cancelled", async () => {
      const { runner, executionId, steps, next, reaches, failure, service } =
        await connectStepwise();
      await runner.pauseExecution({ executionId });
      next();
      await runner.cancelExecution({ executionId, reason: "enough" });
      await reaches(EXECUTION_CANCELLED);
      await service.stop();
      expect(failure()).toMatchObject({ message: "enough" });
      expect(steps).toEqual([]);
    });

    it("tell a run before its next step that it is cancelled", async () => {
      const { runner, executionId, steps, next, reaches, failure } = await connectStepwise();
      await runner.cancelExecution({ executionId, reason: "enough" });
      next();
      await reaches(EXECUTION_CANCELLED);
      expect(failure()).toMatchObject({ message: "enough" });
      expect(steps).toEqual([]);
    });

    it("refuse an execution that does not run", async () => {
      const { runner, executionId, start, service } = await connect(async () => {});
      for (const call of [runner.pauseExecution, runner.resumeExecution]) {
        await refusal(call({ executionId }), FailedPrecondition);
      }
      await start();
      await service.stop();
      for (const call of [runner.pauseExecution, runner.resumeExecution]) {
        await refusal(call({ executionId }), FailedPrecondition);
      }
    });
  });

  it("refuses an empty id and an id that nobody has", async () => {
    const { runner } = await connect(async () => {});
    for (const call of [runner.cancelExecution, runner.pauseExecution, runner.resumeExecution]) {
      await refusal(call({ executionId: "" }), InvalidArgument);
      await refusal(call({ executionId: "wex-missing" }), NotFound);
    }
  });

  it("is not there when the service has no function to run", async () => {
    const { transport } = await open(createExecutionService());
    const runner = createClient(WorkflowRunnerServiceController, transport);
    const executionId = "wex-1";
    for (const call of [
      runner.executeAsync({ workflowExecutionId: executionId }),
      runner.cancelExecution({ executionId }),
      runner.pauseExecution({ executionId }),
      runner.resumeExecution({ executionId }),
    ]) {
      await refusal(call, Code.Unimplemented);
    }
  });

  it("stops a run whose execution is deleted", async () => {
    const { promise: asked, resolve: isAsked } = withResolvers<unknown>();
    const { client, start, executionId, handle, service } = await connect(
      async (_input, { signal }) => {
        await aborted(signal);
        isAsked(signal.reason);
      },
    );
    await start();
    await client.delete({ value: executionId });
    await asked;
    expect(await handle.result).toMatchObject({ outcome: "cancelled" });
    await service.stop();
  });

  it("leaves a new execution alone that has the id of a deleted one, whose run ends late", async () => {
    const gates = [withResolvers(), withResolvers()];
    const started: Promise<void>[] = [];
    const { client, runner, start, executionId, service, status } = await connect(() => {
      const gate = present(gates[started.length]).promise;
      started.push(gate);
      return gate;
    });
    await start();
    await client.delete({ value: executionId });
    await client.create(workflowKind.valid({ id: executionId }));
    await start();
    const created = await status();
    gates[0]?.resolve();
    for (let i = 0; i < 3; i++) expect(await status()).toEqual(created);
    // It runs still.
    await runner.pauseExecution({ executionId });
    gates[1]?.resolve();
    await service.stop();
    expect((await status())?.phase).toBe(EXECUTION_CANCELLED);
  });
});

describe("stop", () => {
  it("cancels every run and waits until all have ended", async () => {
    let ended = 0;
    const service = createExecutionService({
      run: async (_input, { signal }) => {
        await aborted(signal);
        for (let turns = 0; turns < 20; turns++) await setImmediate();
        ended++;
        throw signal.reason;
      },
    });
    const { transport } = await inMemory(service);
    const client = workflowKind.connect(transport);
    const runner = createClient(WorkflowRunnerServiceController, transport);
    for (const id of ["wex-1", "wex-2"]) {
      await client.create(workflowKind.valid({ id }));
      await runner.executeAsync({ workflowExecutionId: id });
    }
    await service.stop();
    expect(ended).toBe(2);
    for (const value of ["wex-1", "wex-2"]) {
      expect((await client.get({ value })).status?.phase).toBe(EXECUTION_CANCELLED);
    }
  });

  it("throws when the activity of a run could not be told, without its token", async () => {
    const service = createExecutionService({
      run: async () => {},
      completer: { ...createActivityEngine(), fail: unavailable, reportCancellation: unavailable },
    });
    const { transport } = await inMemory(service);
    const client = workflowKind.connect(transport);
    const workflowExecutionId = idOf(
      await client.create(workflowKind.valid({ token: newToken() })),
    );
    await createClient(WorkflowRunnerServiceController, transport).executeAsync({
      workflowExecutionId,
    });
    await last(client.subscribe(workflowExecutionId));
    const error = await rejection(service.stop());
    expect(error).toMatchObject({ errors: [{ code: "unavailable" }] });
  });

  it("does nothing for a service that runs nothing", async () => {
    await createExecutionService().stop();
    await createExecutionService({ run: async () => {} }).stop();
  });
});

function withResolvers<T = void>() {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

async function unavailable(): Promise<never> {
  throw new HandshakeError("unavailable", "the engine is down");
}

async function last<T>(stream: AsyncIterable<T>): Promise<T> {
  let latest: T | undefined;
  for await (const item of stream) latest = item;
  if (latest === undefined) throw new Error("expected an item, got none");
  return latest;
}
