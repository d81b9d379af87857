import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { create } from "@bufbuild/protobuf";
import { createRouterTransport } from "@connectrpc/connect";
import { ApiResourceOwnerScope } from "@stigmer/apis/apiresource";
import {
  createExecutionActivities,
  createSystemActivities,
  temporalCompleter,
} from "@stigmer/apis/temporal";
import { createExecutionService } from "@stigmer/apis/testing";
import { WorkflowExecutionSchema } from "@stigmer/apis/workflowexecution/v1";
import { Client, Connection, WorkflowFailedError } from "@temporalio/client";
import { ActivityFailure } from "@temporalio/common";
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker } from "@temporalio/worker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { quietRuntime } from "../quiet-runtime.js";
import { startTemporalServer, type TemporalServer, temporalAvailable } from "../server.js";
import { clientsOver } from "../world/clients-over.js";
import { payloadConverterPath } from "../world/world.js";

const dataConverter = { payloadConverterPath };
const workflowsPath = fileURLToPath(new URL("converting.workflow.js", import.meta.url));

const request = create(WorkflowExecutionSchema, {
  apiVersion: "agentic.stigmer.ai/v1",
  kind: "WorkflowExecution",
  metadata: { ownerScope: ApiResourceOwnerScope.organization },
  spec: { workflowId: "wfl-1" },
});

describe.skipIf(!temporalAvailable())("where the payload converter is missing,", () => {
  let server: TemporalServer;
  let native: NativeConnection;
  let connection: Connection;

  beforeAll(async () => {
    quietRuntime();
    server = await startTemporalServer();
    native = await NativeConnection.connect({ address: server.address });
    connection = await Connection.connect({ address: server.address });
  });

  afterAll(async () => {
    await connection?.close();
    await native?.close();
    await server?.stop();
  });

  /** What a workflow fails with, on a worker whose activities have the converter. */
  async function failureOf(
    { ofBundle = true, ofStarter = true },
    type: string,
    ...args: unknown[]
  ): Promise<unknown> {
    const taskQueue = randomUUID();
    const clients = clientsOver(createRouterTransport(createExecutionService().routes));
    const completer = temporalCompleter(new Client({ connection, dataConverter }));
    const worker = await Worker.create({
      connection: native,
      taskQueue,
      dataConverter,
      workflowBundle: await bundleWorkflowCode({
        workflowsPath,
        ...(ofBundle && { payloadConverterPath }),
        logger: new DefaultLogger("ERROR"),
      }),
      activities: {
        ...createExecutionActivities(clients),
        ...createSystemActivities({ completer, executions: clients }),
      },
    });
    const starter = new Client({ connection, ...(ofStarter && { dataConverter }) });
    const options = { taskQueue, workflowId: randomUUID(), args };
    const failed: unknown = await worker.runUntil(
      starter.workflow.execute(type, options).catch((error: unknown) => error),
    );
    if (!(failed instanceof WorkflowFailedError)) throw new Error("expected the workflow to fail");
    return failed.cause instanceof ActivityFailure ? failed.cause.cause : failed.cause;
  }

  const missing = (where: string) => ({
    type: "PayloadConverterMissing",
    nonRetryable: true,
    message: expect.stringMatching(
      `^${where}: expected a dataConverter that encodes messages, such as { payloadConverterPath }`,
    ),
  });

  it("executeWorkflow fails at once in a bundle without it", async () => {
    const failure = await failureOf({ ofBundle: false }, "makeAndExecute");
    expect(failure).toMatchObject(missing("executeWorkflow"));
  });

  it("withCallback fails at once in a bundle without it", async () => {
    const failure = await failureOf({ ofBundle: false }, "report");
    expect(failure).toMatchObject(missing("withCallback"));
  });

  it("executeWorkflow fails at once in a workflow that was started without it", async () => {
    const failure = await failureOf({ ofStarter: false }, "execute", request);
    expect(failure).toMatchObject(missing("executeWorkflow"));
  });

  it("the activity fails for good in a workflow that was started without it", async () => {
    const failure = await failureOf({ ofStarter: false }, "executeByHand", request);
    const payload =
      "json/protobuf payload of ai.stigmer.agentic.workflowexecution.v1.WorkflowExecution";
    expect(failure).toMatchObject(missing(payload));
  });

  it("a report fails for good when the token comes as an object", async () => {
    const failure = await failureOf({ ofStarter: false }, "reportByHand", Uint8Array.of(1, 2, 3));
    expect(failure).toMatchObject(missing("callback token"));
  });
});
