import { connect, constants } from "node:http2";
import { create, type DescMessage, type Message, toBinary } from "@bufbuild/protobuf";
import { BinaryReader } from "@bufbuild/protobuf/wire";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { expect, it } from "vitest";
import { ExecutionValueSchema } from "../../src/executioncontext/v1.js";
import { createExecutionService } from "../../src/testing/index.js";
import {
  WorkflowExecutionCommandController,
  WorkflowExecutionIdSchema,
  WorkflowExecutionQueryController,
  WorkflowExecutionSchema,
} from "../../src/workflowexecution/v1.js";
import { overHttp, present, workflowKind } from "./fixtures.js";

/** An execution with so many broken invariants, under keys like this one. */
function broken(count: number, key: string) {
  const execution = workflowKind.valid();
  present(execution.spec).runtimeEnv = Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`${key}${i}`, create(ExecutionValueSchema)]),
  );
  return execution;
}

/** What a call is answered with besides a message, as it is on the wire. */
async function metadataOf(baseUrl: string, path: string, desc: DescMessage, request: Message) {
  const bytes = toBinary(desc, request);
  const envelope = Buffer.alloc(5);
  envelope.writeUInt32BE(bytes.length, 1);
  const session = connect(baseUrl);
  try {
    const stream = session.request({
      [constants.HTTP2_HEADER_METHOD]: "POST",
      [constants.HTTP2_HEADER_PATH]: path,
      "content-type": "application/grpc+proto",
      te: "trailers",
    });
    const metadata: Record<string, unknown> = {};
    stream.on("response", (headers) => Object.assign(metadata, headers));
    stream.on("trailers", (trailers) => Object.assign(metadata, trailers));
    stream.end(Buffer.concat([envelope, bytes]));
    stream.resume();
    await new Promise((resolve, reject) => stream.on("close", resolve).on("error", reject));
    return metadata;
  } finally {
    session.close();
  }
}

// As HTTP/2 counts it (RFC 9113, section 6.5.2), and with it the limits of gRPC clients.
function sizeOf(metadata: Record<string, unknown>): number {
  return Object.entries(metadata).reduce(
    (sum, [name, value]) => sum + name.length + String(value).length + 32,
    0,
  );
}

const commands = `/${WorkflowExecutionCommandController.typeName}`;
const queries = `/${WorkflowExecutionQueryController.typeName}`;

const keys: [what: string, key: string][] = [
  ["short", "KEY_"],
  ["one character", ""],
  ["quoted", '"'.repeat(50)],
  ["of bytes that are not printable", "\u0001".repeat(500)],
  ["not Latin", "鍵".repeat(300)],
  ["emoji, which a cut may halve", "🔑".repeat(301)],
  ["1 KiB", "x".repeat(1024)],
  ["100 KB", "x".repeat(100_000)],
];

it.each(keys.flatMap(([what, key]) => [1, 2, 9, 60, 400].map((count) => ({ what, key, count }))))(
  "the metadata of $count violations stays below 6 KiB: keys $what",
  async ({ key, count }) => {
    const { baseUrl } = await overHttp("2")(createExecutionService());
    const request = broken(key.length > 50_000 ? Math.min(count, 40) : count, key);
    const metadata = await metadataOf(
      baseUrl,
      `${commands}/create`,
      WorkflowExecutionSchema,
      request,
    );
    expect(metadata["grpc-status"]).toBe(String(Code.InvalidArgument));
    expect(sizeOf(metadata)).toBeLessThan(6 * 1024);
  },
);

it("a client learns of the first violations, and how many more there are", async () => {
  const { baseUrl } = await overHttp("2")(createExecutionService());
  const client = createClient(WorkflowExecutionCommandController, createGrpcTransport({ baseUrl }));
  const error = await client.create(broken(4000, "KEY_")).then(
    () => expect.fail("expected a refusal"),
    (reason: unknown) => ConnectError.from(reason),
  );
  expect(error.code).toBe(Code.InvalidArgument);
  expect(error.rawMessage).toContain("WorkflowExecution has 4000 violations:\n");
  expect(error.rawMessage).toContain(
    'spec.runtime_env["KEY_0"].value: must be at least 1 characters',
  );
  const listed = error.rawMessage.match(/must be at least 1 characters/g) ?? [];
  expect(listed.length).toBeGreaterThan(5);
  expect(error.rawMessage).toMatch(new RegExp(`\n  and ${4000 - listed.length} more$`));

  const detail = present(error.details[0]) as { value: Uint8Array };
  const violations = fieldsOf(detail.value).map((violation) => fieldsOf(violation).map(String));
  const last = violations.pop();
  expect(violations.length).toBeGreaterThan(listed.length);
  expect(last).toEqual([`${4000 - violations.length} more violations`, "omitted"]);
});

it("an id of 100 KB is not sent back", async () => {
  const { baseUrl } = await overHttp("2")(createExecutionService());
  const id = `wex-${"x".repeat(100_000)}`;
  const byId = create(WorkflowExecutionIdSchema, { value: id });
  const execution = workflowKind.valid({ id });
  const call = async (path: string, desc: DescMessage, request: Message) => {
    const metadata = await metadataOf(baseUrl, path, desc, request);
    expect(sizeOf(metadata)).toBeLessThan(6 * 1024);
    return Code[Number(metadata["grpc-status"])];
  };
  expect(await call(`${queries}/get`, WorkflowExecutionIdSchema, byId)).toBe("NotFound");
  // Of the same form as the id that this takes.
  expect(await call(`${commands}/delete`, WorkflowExecutionIdSchema, byId)).toBe("NotFound");
  await call(`${commands}/create`, WorkflowExecutionSchema, execution);
  const created = await call(`${commands}/create`, WorkflowExecutionSchema, execution);
  expect(created).toBe("AlreadyExists");
  present(execution.metadata).slug = "another";
  const updated = await call(`${commands}/update`, WorkflowExecutionSchema, execution);
  expect(updated).toBe("FailedPrecondition");
});

/** The fields of a message whose fields are all length-delimited. */
function fieldsOf(bytes: Uint8Array): Buffer[] {
  const reader = new BinaryReader(bytes);
  const fields: Buffer[] = [];
  while (reader.pos < reader.len) {
    reader.tag();
    fields.push(Buffer.from(reader.bytes()));
  }
  return fields;
}
