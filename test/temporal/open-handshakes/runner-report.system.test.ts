import { randomUUID } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { callbackToken, formatCallbackToken } from "@stigmer/apis";
import { createSystemActivities, temporalCompleter } from "@stigmer/apis/temporal";
import { ExecutionPhase } from "@stigmer/apis/workflowexecution/v1";
import { Client } from "@temporalio/client";
import type { PayloadCodec } from "@temporalio/common";
import { temporal } from "@temporalio/proto";
import { NativeConnection, Worker } from "@temporalio/worker";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { quietRuntime } from "../quiet-runtime.js";
import { startTemporalServer, type TemporalServer, temporalAvailable } from "../server.js";
import { clientsOver } from "../world/clients-over.js";
import { finish, patient, storedExecution, untilRunning } from "../world/observe.js";
import { transportTo } from "../world/service-transport.js";
import { startWorld, until, type World, type WorldOptions } from "../world/world.js";
import { start, untilIn } from "./observe.js";

vi.setConfig({ testTimeout: 180_000 });

const { Payload } = temporal.api.common.v1;
const gzip: PayloadCodec = {
  encode: async (payloads) =>
    payloads.map((payload) => ({ data: gzipSync(Payload.encode(payload).finish()) })),
  decode: async (payloads) =>
    payloads.map(({ data }) => Payload.decode(gunzipSync(data ?? new Uint8Array()))),
};

describe.skipIf(!temporalAvailable())("an open handshake whose report fails", () => {
  let server: TemporalServer;
  beforeAll(async () => {
    quietRuntime();
    server = await startTemporalServer();
  });
  afterAll(() => server?.stop());

  const inWorld =
    (run: (world: World) => Promise<void>, options?: WorldOptions) => async (): Promise<void> => {
      const world = await startWorld(server.address, "default", options);
      try {
        await run(world);
      } finally {
        await world.stop();
      }
    };

  it(
    "tells that the token is none of the callers' server",
    inWorld(
      async (world) => {
        await Promise.all([world.startWorker("caller"), world.startWorker("runner")]);
        const { call, id } = await start(world, { isUnpublished: true });
        await finish(world, id);
        expect(await untilIn("invalid-token", world, call)).toMatchObject({
          executionId: id,
          detail: expect.stringMatching(/^InvalidToken: Temporal does not accept the token/),
        });
      },
      { dispatchedToken: () => callbackToken(new TextEncoder().encode(randomUUID())) },
    ),
  );

  it(
    "tells that the runner may not read its token; a viewer sees that, too",
    inWorld(async (world) => {
      const service = { url: world.serviceUrl, protocol: "connect" } as const;
      await Promise.all([world.startWorker("caller"), world.startWorker("runner", { service })]);
      const silent = { heartbeatInterval: "1h" };
      const { call, id } = await start(world, { isUnpublished: true, callback: silent });
      await until("re-armed", () => world.rearmed() > 0);
      await finish(world, id);
      const executions = clientsOver(transportTo(service));
      expect(await untilIn("token-withheld", world, call, { executions })).toMatchObject({
        executionId: id,
        token: "withheld",
      });
    }),
  );

  it(
    "tells that the result is too large, from the workflow that the status names",
    inWorld(async (world) => {
      await Promise.all([world.startWorker("caller"), world.startWorker("runner")]);
      const { call, id } = await start(world, {}, patient);
      await untilRunning(world, id);
      const { spec } = await storedExecution(world, id);
      const workflowId = `go-${id}`;
      await world.asRunner.workflow.commands.updateStatus({
        executionId: id,
        status: { phase: ExecutionPhase.EXECUTION_COMPLETED, temporalWorkflowId: workflowId },
      });
      await reportCompressed(world, workflowId, {
        CallbackToken: formatCallbackToken(callbackToken(spec?.callbackToken as Uint8Array)),
        Result: { parcel: "x".repeat(5 * 1024 * 1024) },
        Error: null,
      });
      expect(await untilIn("too-large", world, call)).toMatchObject({
        phase: "EXECUTION_COMPLETED",
        detail: expect.stringMatching(/^TooLarge: /),
      });
    }),
  );

  /** Reports by a runner that compresses its own payloads, so that it has larger ones than its caller. */
  async function reportCompressed(world: World, workflowId: string, report: object): Promise<void> {
    const payloadCodecs = [gzip];
    const taskQueue = `${world.runnerQueue}-compressed`;
    const native = await NativeConnection.connect({ address: server.address });
    const worker = await Worker.create({
      connection: native,
      taskQueue,
      workflowBundle: { codePath: world.codePath },
      dataConverter: { payloadCodecs },
      activities: createSystemActivities({
        completer: temporalCompleter(world.client),
        executions: world.asRunner,
      }),
    });
    const args = ["stigmer/system/complete-external-activity", report];
    const { connection } = world.client;
    const client = new Client({ connection, dataConverter: { payloadCodecs } });
    const failed = client.workflow.execute("reportAsGo", { taskQueue, workflowId, args });
    await worker.runUntil(failed.catch(() => {}));
    await native.close();
  }
});
