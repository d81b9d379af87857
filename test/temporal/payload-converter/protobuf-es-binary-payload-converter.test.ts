import { create, type Message, toBinary } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { isTerminal } from "../../../src/handshake/index.js";
import { payloadConverter } from "../../../src/temporal/payload-converter/index.js";
import {
  type WorkflowExecution,
  WorkflowExecutionSchema,
} from "../../../src/workflowexecution/v1.js";
import { filled } from "../../connect/filled.js";
import { binary, executionSchemas, payload, payloadOf } from "./fixtures.js";

describe("a message as binary", () => {
  it.each(executionSchemas)("has the bytes of the wire format: $name", (schema) => {
    const { message } = filled(schema);
    expect(payloadOf(binary, message).data).toEqual(toBinary(schema, message));
  });

  it("of a newer contract keeps an enum value that is unknown, which is no end", () => {
    const given = create(WorkflowExecutionSchema, { status: { phase: 77 as number } });
    const { typeName } = WorkflowExecutionSchema;
    const written = payload("binary/protobuf", typeName, toBinary(WorkflowExecutionSchema, given));
    const read: WorkflowExecution = payloadConverter.fromPayload(written);
    expect(read.status?.phase).toBe(77);
    expect(isTerminal(read)).toBe(false);
  });

  it("is the last of what is written twice, as another language may do", () => {
    const { typeName } = WorkflowExecutionSchema;
    const parts = ["first", "second"].map((kind) =>
      toBinary(WorkflowExecutionSchema, create(WorkflowExecutionSchema, { kind })),
    );
    const written = payload("binary/protobuf", typeName, Buffer.concat(parts));
    const read: Message = payloadConverter.fromPayload(written);
    expect(read).toEqual(create(WorkflowExecutionSchema, { kind: "second" }));
  });
});
