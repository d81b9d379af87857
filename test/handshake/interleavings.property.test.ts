import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient, createRouterTransport } from "@connectrpc/connect";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ApiResourceOwnerScope } from "../../src/apiresource.js";
import {
  type ActivityCompleter,
  type ExecutionCommands,
  type ExecutionQueries,
  isTerminal,
  reportOutcome,
  startExecution,
} from "../../src/handshake/index.js";
import { createActivityEngine, createExecutionService, pending } from "../../src/testing/index.js";
import {
  ExecutionPhase,
  type WorkflowExecution,
  WorkflowExecutionCommandController,
  WorkflowExecutionQueryController,
  WorkflowExecutionSchema,
} from "../../src/workflowexecution/v1.js";

// The actors of a handshake run at once: attempts of the caller's activity, and runners, of which
// more than one may report the same execution. fast-check's scheduler decides whose message arrives
// next. Before a message is sent, or before its answer is received, the sender may die: a caller's
// attempt is retried then, a runner starts over.

type Fault = "none" | "dies before sending" | "dies before the answer";

interface Story {
  readonly faults: readonly Fault[];
  readonly runners: number;
  readonly timeouts: number;
  /** How many edit a label, and write back whatever token they have read. */
  readonly editors: number;
  /** Whether an attempt may time out while it is still at work, and go on as a zombie. */
  readonly zombies: boolean;
  /** Whether a runner reports with the token that it found when it began. */
  readonly keepsFirstSpec: boolean;
  readonly phase: ExecutionPhase;
}

class Death extends Error {}

async function play(s: fc.Scheduler, story: Story) {
  const faults = [...story.faults];
  const engine = createActivityEngine();
  const service = createExecutionService();
  const transport = createRouterTransport(service.routes);
  const commands = createClient(WorkflowExecutionCommandController, transport);
  const queries = createClient(WorkflowExecutionQueryController, transport);
  let settled = 0;

  async function call<T>(name: string, request: () => Promise<T>): Promise<T> {
    const fault = faults.shift() ?? "none";
    await s.schedule(Promise.resolve(), `${name} is sent`);
    if (fault === "dies before sending") throw new Death(name);
    const answer = await request().then(
      (value) => () => value,
      (error: unknown) => () => {
        throw error;
      },
    );
    await s.schedule(Promise.resolve(), `${name} is answered`);
    if (fault === "dies before the answer") throw new Death(name);
    return answer();
  }
  const settle = async (answer: ReturnType<ActivityCompleter["complete"]>) => {
    if ((await answer) === "settled") settled++;
    return answer;
  };
  const writer: ExecutionCommands<WorkflowExecution> = {
    create: (request) => call("create", () => commands.create(request)),
    update: (request) => call("update", () => commands.update(request)),
  };
  const reader: ExecutionQueries<WorkflowExecution> = {
    get: (request) => call("get", () => queries.get(request)),
  };
  const completer: ActivityCompleter = {
    complete: (...args) => call("complete", () => settle(engine.complete(...args))),
    fail: (...args) => call("fail", () => settle(engine.fail(...args))),
    reportCancellation: (...args) =>
      call("reportCancellation", () => settle(engine.reportCancellation(...args))),
    heartbeat: (...args) => call("heartbeat", () => engine.heartbeat(...args)),
  };
  const id = "wex-1";

  const working = new Set<Promise<unknown>>();
  const activity = engine.startActivity(
    ({ token }) => {
      const attempt = startExecution(request(id), token, {
        commands: writer,
        queries: reader,
      }).then((execution) => {
        if (!isTerminal(execution) || execution.status === undefined) return pending;
        return execution.status;
      });
      const work = attempt.catch(() => {}).finally(() => working.delete(work));
      working.add(work);
      return attempt;
    },
    { maximumAttempts: Number.POSITIVE_INFINITY },
  );

  async function runOnce(): Promise<void> {
    const first = await reader.get({ value: id });
    let execution = first;
    for (const phase of [ExecutionPhase.EXECUTION_IN_PROGRESS, story.phase]) {
      if (isTerminal(execution)) break;
      execution = await call("updateStatus", () =>
        commands.updateStatus({ executionId: id, status: { phase, error: "what went wrong" } }),
      );
    }
    if (story.keepsFirstSpec && first.spec !== undefined) execution.spec = first.spec;
    await reportOutcome(execution, completer, reader);
  }
  async function run(): Promise<void> {
    for (;;) {
      try {
        return await runOnce();
      } catch (error) {
        const isNews =
          error instanceof ConnectError &&
          // Not created yet, or another runner was faster.
          (error.code === Code.NotFound || error.code === Code.FailedPrecondition);
        if (!isNews && !(error instanceof Death)) throw error;
        // A caller that sleeps before it tries again wakes in a task of its own.
        await new Promise(setImmediate);
      }
    }
  }
  async function edit(): Promise<void> {
    try {
      const read = await call("an editor's get", () => queries.get({ value: id }));
      if (read.metadata) read.metadata.labels.edited = "yes";
      await call("an editor's update", () => commands.update(read));
    } catch (error) {
      // Not created yet, ended meanwhile, or dead.
      if (!(error instanceof ConnectError) && !(error instanceof Death)) throw error;
    }
  }
  async function timeOut(): Promise<void> {
    await s.schedule(Promise.resolve(), "the attempt times out");
    if (story.zombies || working.size === 0) activity.timeOutAttempt();
  }

  let ended = false;
  void activity.result.then(() => {
    ended = true;
  });
  await s.waitFor(
    Promise.all([
      ...Array.from({ length: story.runners }, run),
      ...Array.from({ length: story.timeouts }, timeOut),
      ...Array.from({ length: story.editors }, edit),
    ]),
  );
  const atRest = async () => {
    do {
      await s.waitFor(Promise.all(working));
      await new Promise(setImmediate);
    } while (working.size > 0);
  };
  await atRest();
  let lateTimeouts = 0;
  while (!ended) {
    lateTimeouts++;
    activity.timeOutAttempt();
    await atRest();
  }
  return { result: await activity.result, settled, lateTimeouts };
}

function request(id: string): WorkflowExecution {
  return create(WorkflowExecutionSchema, {
    apiVersion: "agentic.stigmer.ai/v1",
    kind: "WorkflowExecution",
    metadata: { id, ownerScope: ApiResourceOwnerScope.organization },
    spec: { workflowId: "wfl-1" },
  });
}

const outcomes = {
  completed: ExecutionPhase.EXECUTION_COMPLETED,
  failed: ExecutionPhase.EXECUTION_FAILED,
  cancelled: ExecutionPhase.EXECUTION_CANCELLED,
} as const;

const story = (zombies: boolean) =>
  fc.record({
    faults: fc.array(
      fc.oneof(
        { weight: 4, arbitrary: fc.constant<Fault>("none") },
        { weight: 1, arbitrary: fc.constant<Fault>("dies before sending") },
        { weight: 1, arbitrary: fc.constant<Fault>("dies before the answer") },
      ),
      { maxLength: 30 },
    ),
    runners: fc.integer({ min: 1, max: 3 }),
    timeouts: fc.integer({ min: 0, max: 3 }),
    // Their writes, as those of zombies, may bring a dead token back.
    editors: fc.integer({ min: 0, max: zombies ? 2 : 0 }),
    zombies: fc.constant(zombies),
    keepsFirstSpec: fc.boolean(),
    phase: fc.constantFrom(...Object.values(outcomes)),
  });

test("the activity ends once, with its execution's outcome, whoever dies, repeats or is retried", async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), story(false), async (s, told) => {
      const { result, settled, lateTimeouts } = await play(s, told);
      expect(outcomes[result.outcome as keyof typeof outcomes]).toBe(told.phase);
      expect(settled).toBeLessThanOrEqual(1);
      expect(lateTimeouts).toBe(0);
    }),
    { numRuns: 500 },
  );
});

test("so it does when attempts that have timed out go on, if the attempt's own timeout fires", async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), story(true), async (s, told) => {
      const { result, settled } = await play(s, told);
      expect(outcomes[result.outcome as keyof typeof outcomes]).toBe(told.phase);
      expect(settled).toBeLessThanOrEqual(1);
    }),
    { numRuns: 500 },
  );
});
