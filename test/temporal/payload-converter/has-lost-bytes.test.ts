import { create, type DescMessage, type Message } from "@bufbuild/protobuf";
import { ApplicationFailure } from "@temporalio/common";
import { describe, expect, it } from "vitest";
import { AgentExecutionSchema } from "../../../src/agentexecution/v1.js";
import { hasLostBytes } from "../../../src/temporal/payload-converter/has-lost-bytes.js";
import { createPayloadConverter } from "../../../src/temporal/payload-converter/index.js";
import {
  WorkflowExecutionSchema,
  WorkflowExecutionSpecSchema,
} from "../../../src/workflowexecution/v1.js";
import { filled } from "../../connect/filled.js";
import { errorOf } from "../../redaction/fixtures.js";
import { make, schemaOf } from "../../redaction/protos.js";
import { executionSchemas, executionWith, foreign } from "./fixtures.js";

const token = Uint8Array.of(1, 2, 3);

/** What a converter that knows no messages makes of one. */
function throughJson<M extends Message>(message: M): M {
  const asText = (_: string, value: unknown) => (typeof value === "bigint" ? `${value}` : value);
  return Object.assign(
    Object.create(Object.getPrototypeOf(message)),
    JSON.parse(JSON.stringify(message, asText)),
  );
}

describe("bytes of a message are lost", () => {
  it.each<[string, DescMessage, Message]>([
    [
      "in a field",
      WorkflowExecutionSpecSchema,
      create(WorkflowExecutionSpecSchema, { callbackToken: token }),
    ],
    ["in a message within", WorkflowExecutionSchema, executionWith(token)],
    [
      "in an agent's execution",
      AgentExecutionSchema,
      create(AgentExecutionSchema, { spec: { callbackToken: token } }),
    ],
  ])("%s, after JSON", (_, schema, message) => {
    expect(hasLostBytes(schema, message)).toBe(false);
    expect(hasLostBytes(schema, throughJson(message))).toBe(true);
  });

  it("though they were none: an empty token is an object after JSON, too", () => {
    const empty = throughJson(executionWith(new Uint8Array()));
    expect(hasLostBytes(WorkflowExecutionSchema, empty)).toBe(true);
  });
});

describe("bytes of a message are not lost", () => {
  it.each(executionSchemas)("when it has every field: $name", (schema) => {
    expect(hasLostBytes(schema, filled(schema).message)).toBe(false);
  });

  it("when they are of another realm, or a Buffer", () => {
    for (const bytes of [foreign(token), Buffer.from(token)]) {
      expect(hasLostBytes(WorkflowExecutionSchema, executionWith(bytes))).toBe(false);
    }
  });

  it("when there are none, because nobody waits or nobody has set them", () => {
    for (const bytes of [undefined, null]) {
      const message = executionWith(token);
      Object.assign(message.spec ?? {}, { callbackToken: bytes });
      expect(hasLostBytes(WorkflowExecutionSchema, message)).toBe(false);
    }
    expect(hasLostBytes(WorkflowExecutionSchema, create(WorkflowExecutionSchema))).toBe(false);
  });
});

const withToken = (callbackToken: Uint8Array) => ({ spec: { callbackToken } });
const execution = withToken(Uint8Array.of(1, 2, 3));
const secrets = { data: Uint8Array.of(1, 2, 3) };

/** JSON has no bigint. */
const asNumber = (value: unknown) => (typeof value === "bigint" ? Number(value) : value);

/** Messages of somebody's own, with bytes in every kind of place that a field has. */
const messages = {
  field: make("Places", { single: secrets }),
  list: make("Places", { list: [{}, secrets] }),
  map: make("Places", { byNumber: { 1: {}, 2: secrets } }),
  oneof: make("Places", { choice: { case: "execution", value: execution } }),
  depth: make("Places", { nested: { nested: { list: [secrets] } } }),
  "list of bytes": make("ListToken", { callbackToken: [Uint8Array.of(1, 2, 3)] }),
};

describe.each(Object.entries(messages))("bytes of a message, in a %s", (_, message) => {
  const schema = schemaOf(message.$typeName);
  // What a converter that knows no messages makes of one.
  const lost = JSON.parse(JSON.stringify(message, (_, value) => asNumber(value)));

  it("are found to be lost after JSON", () => {
    expect(hasLostBytes(schema, lost)).toBe(true);
    expect(hasLostBytes(schema, message)).toBe(false);
  });

  it("are refused for good when they are", () => {
    const error = errorOf(() => createPayloadConverter([schema]).toPayload(lost));
    expect(error).toBeInstanceOf(ApplicationFailure);
    expect(error).toMatchObject({ type: "PayloadConverterMissing", nonRetryable: true });
  });
});
