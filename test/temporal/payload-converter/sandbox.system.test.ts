import { fileURLToPath } from "node:url";
import { create, type Message } from "@bufbuild/protobuf";
import { EmptySchema } from "@bufbuild/protobuf/wkt";
import { Client, Connection } from "@temporalio/client";
import { CompositePayloadConverter, RawValue } from "@temporalio/common";
import { DefaultLogger, NativeConnection, Runtime, Worker } from "@temporalio/worker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WorkflowExecutionSchema } from "../../../src/workflowexecution/v1.js";
import { filled } from "../../connect/filled.js";
import { startTemporalServer, type TemporalServer, temporalAvailable } from "../server.js";
import { activities } from "./activities.js";
import { binary, executionSchemas, isSame, metadataOf, utf8, withoutUnknown } from "./fixtures.js";
import * as workflows from "./workflows.js";

const taskQueue = "payload-converter";
// As users have it: the built module, which worker and client load by its path.
const payloadConverterPath = fileURLToPath(
  new URL("../../../dist/src/temporal/payload-converter/index.js", import.meta.url),
);
const dataConverter = { payloadConverterPath };
const asBinary = new CompositePayloadConverter(binary);

const cases = [
  ...executionSchemas.map((schema) => ({ schema, message: filled(schema).message })),
  { schema: EmptySchema, message: create(EmptySchema) },
];

describe.skipIf(!temporalAvailable())("in a workflow", () => {
  let server: TemporalServer;
  let connections: { close(): Promise<void> }[] = [];
  let client: Client;
  let stopWorker: () => Promise<void>;
  let count = 0;

  beforeAll(async () => {
    Runtime.install({ logger: new DefaultLogger("WARN") });
    server = await startTemporalServer();
    const { address } = server;
    const connection = await Connection.connect({ address });
    client = new Client({ connection, dataConverter });
    const native = await NativeConnection.connect({ address });
    connections = [connection, native];
    const worker = await Worker.create({
      connection: native,
      taskQueue,
      activities,
      dataConverter,
      workflowsPath: fileURLToPath(new URL("./workflows.ts", import.meta.url)),
    });
    const run = worker.run();
    stopWorker = async () => {
      worker.shutdown();
      await run;
    };
  });

  afterAll(async () => {
    await stopWorker?.();
    for (const connection of connections) await connection.close();
    await server?.stop();
  });

  it.each(cases)("a message is taken and returned as JSON: $schema.name", async (given) => {
    const { schema, message } = given;
    const { result, input } = await execute(workflows.echo<Message>, message);
    expect(input).toEqual({ encoding: "json/protobuf", messageType: schema.typeName });
    expect(isSame(schema, result, withoutUnknown(message))).toBe(true);
  });

  it.each(cases)("a message is taken and returned as binary: $schema.name", async (given) => {
    const { schema, message } = given;
    const { result, input } = await execute(
      workflows.echoAsBinary,
      new RawValue(message, asBinary) as never,
    );
    expect(input).toEqual({ encoding: "binary/protobuf", messageType: schema.typeName });
    expect(isSame(schema, result as never, message)).toBe(true);
  });

  it.each(cases)("a message is handed to an activity: $schema.name", async (given) => {
    const { schema, message } = given;
    const { result } = await execute(workflows.echoThroughActivity, message);
    expect(isSame(schema, result, withoutUnknown(message))).toBe(true);
  });

  it("bytes of another realm are written into a message", async () => {
    const { result } = await execute(workflows.writeTokenOf, "token");
    const expected = create(WorkflowExecutionSchema, {
      kind: "bytes of another realm",
      spec: { callbackToken: utf8("token") },
    });
    expect(isSame(WorkflowExecutionSchema, result, expected)).toBe(true);
  });

  it.each(executionSchemas)(
    "the bytes of a message are the sandbox's own: $name",
    async (schema) => {
      const { message } = filled(schema);
      for (const argument of [message, new RawValue(message, asBinary)]) {
        const { result } = await execute(workflows.ownsBytes, argument as never);
        expect(result).toBe(true);
      }
    },
  );

  it.each([
    ["undefined", undefined],
    ["null", null],
    ["text", "text"],
    ["bytes", Uint8Array.of(1, 2, 3)],
    ["an object", { $typeName: 7, list: [1, null] }],
  ])("%s is taken and returned", async (_, value) => {
    const { result } = await execute(workflows.echo<unknown>, value);
    expect(result).toEqual(value);
  });

  /** Runs a workflow; its result, and the metadata of its argument as the server keeps it. */
  async function execute<A, R>(workflow: (argument: A) => Promise<R>, argument: A) {
    const handle = await client.workflow.start<(argument: A) => Promise<R>>(workflow, {
      taskQueue,
      workflowId: `payload-converter-${++count}`,
      args: [argument],
      workflowExecutionTimeout: "30 seconds",
    });
    const result = (await handle.result()) as R;
    const { events } = await handle.fetchHistory();
    const started = events?.[0]?.workflowExecutionStartedEventAttributes;
    const payload = started?.input?.payloads?.[0];
    return { result, input: payload && metadataOf(payload) };
  }
});
