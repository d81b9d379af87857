import { webcrypto } from "node:crypto";
import { callbackToken, type Execution, getCallbackToken } from "@stigmer/apis";
import {
  createExecutionActivities,
  createSystemActivities,
  temporalCompleter,
} from "@stigmer/apis/temporal";
import { ExecutionPhase, type WorkflowExecutionStatus } from "@stigmer/apis/workflowexecution/v1";
import type { temporal } from "@temporalio/proto";
import { NativeConnection, Worker } from "@temporalio/worker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aesGcmCodec } from "../../examples/payload-encryption/aes-gcm-codec.js";
import { findSecrets } from "../find-secrets.js";
import { quietRuntime } from "./quiet-runtime.js";
import { startTemporalServer, type TemporalServer, temporalAvailable } from "./server.js";
import { payloadConverterPath, startWorld, until, type World } from "./world/world.js";

/** The forms in which a text shows tokens. Temporal's are made of ids, which may stand anywhere. */
function tokensIn(text: string, tokens: readonly Uint8Array[]): string[] {
  return findSecrets(text, tokens).filter((found) => !found.endsWith(" as text"));
}

describe.skipIf(!temporalAvailable())("a token on Temporal", () => {
  let server: TemporalServer;

  beforeAll(async () => {
    quietRuntime();
    server = await startTemporalServer();
  });

  afterAll(() => server?.stop());

  it("is in no worker's log, no workflow's failure, no search attribute and no memo", async () => {
    const world = await startWorld(server.address);
    try {
      const caller = await world.startWorker("caller");
      const runner = await world.startWorker("runner");
      const runs = [
        await world.call("workflow", { ms: 100 }),
        await world.call("agent", { error: "no model" }),
        await world.call("workflow", { ms: 100, throws: "not what was published" }),
        await world.call("workflow", { ms: 3_000 }, { startToCloseTimeout: "1s" }),
      ];
      const results = await Promise.allSettled(runs.map((handle) => handle.result()));
      expect(results.map(({ status }) => status)).toEqual([
        "fulfilled",
        "rejected",
        "rejected",
        "fulfilled",
      ]);
      const first = world.created.map((execution) => getCallbackToken(execution) as Uint8Array);
      const last = await Promise.all(
        world.created.map((execution) => currentToken(world, execution)),
      );
      expect(last.filter((token, index) => `${token}` !== `${first[index]}`)).toHaveLength(1);
      const tokens = [...first, ...last];

      const ids = [...runs.map(({ workflowId }) => workflowId), ...world.created.map(idOf)];
      for (const id of ids) {
        const handle = world.client.workflow.getHandle(id);
        await until(`${id} has ended`, async () => (await handle.describe()).status.code !== 1);
        const { raw } = await handle.describe();
        const { searchAttributes, memo } = raw.workflowExecutionInfo ?? {};
        const failures = (await eventsOf(world, id)).map((event) => [
          event.workflowExecutionFailedEventAttributes?.failure,
          event.activityTaskFailedEventAttributes?.failure,
          event.activityTaskTimedOutEventAttributes?.failure,
        ]);
        expect(tokensIn(JSON.stringify([searchAttributes, memo, failures]), tokens)).toEqual([]);
      }
      for (const { output } of [caller, runner]) {
        expect(output()).toContain("DEBUG");
        expect(tokensIn(output(), tokens)).toEqual([]);
      }
      expect(runner.output()).toMatch(/callbackToken: '\d+ bytes, sha256:[0-9a-f]{8}'/);
    } finally {
      await world.stop();
    }
  });

  it("is in the history of its runner's workflow, where a payload codec hides it", async () => {
    for (const encrypted of [false, true]) {
      const payloadCodecs = encrypted ? [aesGcmCodec(await newKey())] : [];
      const dataConverter = { payloadConverterPath, payloadCodecs };
      const world = await startWorld(server.address, "default", { dataConverter });
      const connection = await NativeConnection.connect({ address: server.address });
      const { client, codePath, asRunner } = world;
      const activities = {
        ...createExecutionActivities(asRunner),
        ...createSystemActivities({ completer: temporalCompleter(client), executions: asRunner }),
        async publishStatus(executionId: string, status: WorkflowExecutionStatus) {
          await asRunner.workflow.commands.updateStatus({ executionId, status });
        },
      };
      const workers = await Promise.all(
        [world.callerQueue, world.runnerQueue].map((taskQueue) =>
          Worker.create({
            ...{ connection, taskQueue, dataConverter, activities },
            workflowBundle: { codePath },
          }),
        ),
      );
      const running = workers.map((worker) => worker.run());
      try {
        const handle = await world.call("workflow", {});
        expect(await handle.result()).toMatchObject({ phase: ExecutionPhase.EXECUTION_COMPLETED });
        const [execution] = world.created as [Execution];
        const id = idOf(execution);
        await client.workflow.getHandle(id).result();
        const token = callbackToken(getCallbackToken(execution) as Uint8Array);
        const history = Buffer.concat(
          (await eventsOf(world, id)).flatMap((event) =>
            [
              ...(event.workflowExecutionStartedEventAttributes?.input?.payloads ?? []),
              ...(event.activityTaskScheduledEventAttributes?.input?.payloads ?? []),
            ].map(({ data }) => Buffer.from(data ?? [])),
          ),
        );
        const shown =
          history.includes(Buffer.from(token)) ||
          history.includes(Buffer.from(token).toString("base64"));
        expect(history.length).toBeGreaterThan(100);
        expect(shown).toBe(!encrypted);
      } finally {
        for (const worker of workers) worker.shutdown();
        await Promise.all(running);
        await connection.close();
        await world.stop();
      }
    }
  });
});

async function newKey() {
  const algorithm = { name: "AES-GCM", length: 256 } as const;
  return webcrypto.subtle.generateKey(algorithm, false, ["encrypt", "decrypt"]);
}

function idOf({ metadata }: Execution): string {
  return metadata?.id ?? "";
}

async function currentToken(world: World, execution: Execution): Promise<Uint8Array> {
  const { workflow, agent } = world.asRunner;
  const value = idOf(execution);
  const current = await (execution.$typeName.endsWith("AgentExecution")
    ? agent.queries.get({ value })
    : workflow.queries.get({ value }));
  return getCallbackToken(current) as Uint8Array;
}

/** As the server has them: no codec has decoded anything. */
async function eventsOf(
  { client }: World,
  workflowId: string,
): Promise<temporal.api.history.v1.IHistoryEvent[]> {
  const history = await client.workflowService.getWorkflowExecutionHistory({
    namespace: "default",
    execution: { workflowId },
  });
  return history.history?.events ?? [];
}
