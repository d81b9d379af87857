import { exec } from "node:child_process";
import { delimiter } from "node:path";
import { promisify } from "node:util";
import { ExecutionPhase } from "@stigmer/apis/workflowexecution/v1";
import { WorkflowFailedError, type WorkflowHandle } from "@temporalio/client";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { temporalFolder } from "../support/find-temporal.js";
import { startTemporalServer, type TemporalServer, temporalAvailable } from "../temporal/server.js";
import {
  executionOf,
  finish,
  patient,
  untilPending,
  untilRunning,
} from "../temporal/world/observe.js";
import { startWorld, until, type World } from "../temporal/world/world.js";
import { readPage } from "./pages/page.js";

const page = readPage("docs/operating.md");

/** The one command of the page with these words. */
function commandOf(...words: string[]): string {
  const lines = page.blocks.filter(({ language }) => language === "sh").map(({ text }) => text);
  const [line = "", ...others] = lines.filter((text) => words.every((word) => text.includes(word)));
  expect(others, words.join()).toEqual([]);
  return line;
}

describe.skipIf(!temporalAvailable())("the commands of docs/operating.md", () => {
  let server: TemporalServer;
  let world: World;
  beforeAll(async () => {
    server = await startTemporalServer();
    return () => server.stop();
  });
  beforeEach(async () => {
    world = await startWorld(server.address);
  });
  afterEach(() => world.stop());

  /** Types a command of the page. Returns what it prints. */
  async function type(command: string): Promise<string> {
    const PATH = [process.env.PATH, temporalFolder()].join(delimiter);
    const env = { ...process.env, PATH, TEMPORAL_ADDRESS: server.address };
    const { stdout } = await promisify(exec)(command, { env });
    return stdout;
  }

  /** An order whose caller waits, and the id of its execution. */
  async function startOrder(): Promise<{ order: WorkflowHandle; id: string }> {
    const caller = await world.startWorker("caller");
    await world.startWorker("runner");
    const order = await world.client.workflow.start("call", {
      taskQueue: world.callerQueue,
      workflowId: "order-A-1001",
      args: ["workflow", { untilFinished: true }, patient],
    });
    const id = await executionOf(world, order);
    await untilPending(order, caller);
    await untilRunning(world, id);
    return { order, id };
  }

  const latest = () => world.client.workflow.getHandle("order-A-1001");

  test("reset a caller so that it asks anew", async () => {
    const { id } = await startOrder();
    await type(commandOf("asks anew"));
    await until("another execution is created", () => world.created.length === 2);
    const next = world.created[1]?.metadata?.id ?? "";
    await finish(world, next);
    expect(await latest().result()).toMatchObject({ output: { from: next } });
    // The first one goes on.
    const first = await world.runnerClient.workflow.getHandle(id).describe();
    expect(first.status.name).toBe("RUNNING");
    await finish(world, id);
  });

  test("reset a caller so that it waits for the same execution under another token", async () => {
    const { order, id } = await startOrder();
    const tasks = async () => {
      const { events } = await order.fetchHistory();
      return events?.filter((event) => event.workflowTaskCompletedEventAttributes).length ?? 0;
    };
    const before = await tasks();
    await type(commandOf("workflow signal"));
    await until("the workflow has had another task", async () => (await tasks()) > before);
    await type(commandOf("another token"));
    await until("the execution is re-armed", () => world.rearmed() === 1);
    await finish(world, id);
    expect(await latest().result()).toMatchObject({ output: { from: id } });
    expect(world.created).toHaveLength(1);
  });

  test("complete an activity, whose caller gets the status that was published", async () => {
    const { order, id } = await startOrder();
    const described = await type(commandOf("workflow describe"));
    expect(described).toMatch(/ActivityId +1\n/);
    expect(described).toContain(`LastHeartbeatDetails  [{"executionId":"${id}"}]`);
    await world.runnerClient.workflow.getHandle(id).terminate();
    const status = { phase: ExecutionPhase.EXECUTION_COMPLETED, output: { parcel: "P-1" } };
    await world.asRunner.workflow.commands.updateStatus({ executionId: id, status });
    await type(commandOf("activity complete"));
    expect(await order.result()).toMatchObject(status);
  });

  test("fail an activity", async () => {
    const { order, id } = await startOrder();
    await world.runnerClient.workflow.getHandle(id).terminate();
    await type(commandOf("activity fail"));
    const error = await order.result().catch((error: unknown) => error);
    expect(error).toBeInstanceOf(WorkflowFailedError);
    expect((error as WorkflowFailedError).cause).toMatchObject({
      message: "the runner is gone",
      type: undefined,
      nonRetryable: true,
    });
  });
});
