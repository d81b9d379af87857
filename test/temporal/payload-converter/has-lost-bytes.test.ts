import { create, type DescMessage, type Message } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { AgentExecutionSchema } from "../../../src/agentexecution/v1.js";
import { hasLostBytes } from "../../../src/temporal/payload-converter/has-lost-bytes.js";
import {
  WorkflowExecutionSchema,
  WorkflowExecutionSpecSchema,
} from "../../../src/workflowexecution/v1.js";
import { filled } from "../../connect/filled.js";
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
