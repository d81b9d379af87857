import { create, type Message } from "@bufbuild/protobuf";
import { EmptySchema } from "@bufbuild/protobuf/wkt";
import { defaultPayloadConverter } from "@temporalio/common";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { payloadConverter } from "../../../src/temporal/payload-converter/index.js";
import { WorkflowExecutionSchema } from "../../../src/workflowexecution/v1.js";
import { filled } from "../../connect/filled.js";
import { arbitraryMessage } from "../../redaction/arbitrary-message.js";
import { messages, shortName } from "../../redaction/contract.js";
import { binary, isSame, json, metadataOf, payloadOf, textOf, withoutUnknown } from "./fixtures.js";

const cases = messages.map((schema) => ({
  schema,
  name: shortName(schema),
  arbitrary: arbitraryMessage(schema),
}));
const runs = { numRuns: 40 };

describe.each(cases)("the payload of any $name", ({ schema, arbitrary }) => {
  it.each([json, binary])("gives the same message back, as $encodingType", (converter) => {
    fc.assert(
      fc.property(arbitrary, (message) => {
        const payload = payloadOf(converter, message);
        expect(metadataOf(payload)).toEqual({
          encoding: converter.encodingType,
          messageType: schema.typeName,
        });
        expect(isSame(schema, payloadConverter.fromPayload(payload), message)).toBe(true);
      }),
      runs,
    );
  });

  it("is JSON unless one asks for binary", () => {
    fc.assert(
      fc.property(arbitrary, (message) => {
        expect(payloadConverter.toPayload(message)).toEqual(json.toPayload(message));
      }),
      runs,
    );
  });

  it("keeps unknown fields in binary, and not in JSON", () => {
    const { message } = filled(schema);
    const kept: Message = payloadConverter.fromPayload(payloadOf(binary, message));
    expect(isSame(schema, kept, message)).toBe(true);
    const known: Message = payloadConverter.fromPayload(payloadOf(json, message));
    expect(isSame(schema, known, message)).toBe(false);
    expect(isSame(schema, known, withoutUnknown(message))).toBe(true);
  });
});

describe("the payload converter of the contract", () => {
  it("writes an empty message", () => {
    expect(textOf(payloadConverter.toPayload(create(EmptySchema)).data)).toBe("{}");
    expect(payloadConverter.fromPayload(payloadOf(binary, create(EmptySchema)))).toEqual(
      create(EmptySchema),
    );
  });

  it.each([
    ["undefined", undefined],
    ["null", null],
    ["false", false],
    ["a number", 0.1],
    ["a text", ""],
    ["bytes", Uint8Array.of(0, 255)],
    ["no bytes", new Uint8Array()],
    ["an array", [1, { a: null }]],
    ["an object", { $typeName: 7, spec: {} }],
    ["a message in an object", { execution: create(WorkflowExecutionSchema, { kind: "x" }) }],
    ["a message in an array", [create(WorkflowExecutionSchema, { kind: "x" })]],
  ])("leaves %s to Temporal's default", (_, value) => {
    const payload = payloadConverter.toPayload(value);
    expect(payload).toEqual(defaultPayloadConverter.toPayload(value));
    expect(payloadConverter.fromPayload(payload)).toEqual(
      defaultPayloadConverter.fromPayload(payload),
    );
  });

  it("leaves any JSON value to Temporal's default", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(payloadConverter.toPayload(value)).toEqual(defaultPayloadConverter.toPayload(value));
      }),
    );
  });
});
