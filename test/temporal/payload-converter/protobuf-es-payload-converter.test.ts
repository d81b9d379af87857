import { create, type Message, toJson } from "@bufbuild/protobuf";
import { DurationSchema } from "@bufbuild/protobuf/wkt";
import {
  CompositePayloadConverter,
  JsonPayloadConverter,
  type PayloadConverter,
  PayloadConverterError,
  ValueError,
} from "@temporalio/common";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createPayloadConverter,
  ProtobufEsBinaryPayloadConverter,
  ProtobufEsJsonPayloadConverter,
  payloadConverter,
} from "../../../src/temporal/payload-converter/index.js";
import {
  type WorkflowExecution,
  WorkflowExecutionSchema,
} from "../../../src/workflowexecution/v1.js";
import { filled } from "../../connect/filled.js";
import { findSecrets } from "../../find-secrets.js";
import { errorOf, textOf } from "../../redaction/fixtures.js";
import {
  converters,
  executionSchemas,
  executionWith,
  foreign,
  isSame,
  metadataOf,
  payload,
  payloadOf,
  utf8,
  withoutUnknown,
} from "./fixtures.js";

const typeName = WorkflowExecutionSchema.typeName;
const secret = "sk-live-51H8-secret-value";
const token = Uint8Array.from({ length: 132 }, (_, index) => index);
const minute = create(DurationSchema, { seconds: 60n });

describe.each(converters)("a payload as $encodingType is refused", ({ encodingType }) => {
  it("when its type is not in the registry", () => {
    const error = refusal(() => read(payload(encodingType, "a.b.Gone", secret)));
    expect(error).toBeInstanceOf(PayloadConverterError);
    expect(error.message).toBe(
      `${encodingType} payload: a.b.Gone is not in the payload converter's registry`,
    );
  });

  it.each([
    ["no metadata messageType", { encoding: utf8(encodingType) }],
    ["an empty messageType", { encoding: utf8(encodingType), messageType: new Uint8Array() }],
  ])("when it has %s", (_, metadata) => {
    expect(refusal(() => read({ metadata, data: utf8(secret) })).message).toBe(
      `${encodingType} payload: expected messageType in its metadata, got none`,
    );
  });

  it.each([undefined, null])("when its data is %s", (data) => {
    const { metadata } = payload(encodingType, typeName, "");
    expect(refusal(() => read({ metadata, data } as never)).message).toBe(
      `${encodingType} payload of ${typeName}: expected data, got none`,
    );
  });

  it("as a message when its type is unknown to whoever writes it", () => {
    const { message } = filled(WorkflowExecutionSchema);
    const error = refusal(() => createPayloadConverter([]).toPayload(message));
    expect(error).toBeInstanceOf(PayloadConverterError);
    expect(error.message).toBe(
      `json/protobuf payload: ${typeName} is not in the payload converter's registry`,
    );
  });
});

describe("a payload that does not decode is refused", () => {
  it.each([
    ["JSON", `{"kind": ${secret}`, ""],
    ["an object", `"${secret}"`, ""],
    [
      "a text",
      '{"kind": 7}',
      ", field ai.stigmer.agentic.workflowexecution.v1.WorkflowExecution.kind",
    ],
    [
      "Base64",
      `{"spec": {"callbackToken": "${secret}!"}}`,
      ", field ai.stigmer.agentic.workflowexecution.v1.WorkflowExecutionSpec.callback_token",
    ],
    ["one spec", `{"spec": {"callbackToken": "AAAA"}, "spec": {}}`, ""],
    ["JSON at all", "", ""],
  ])("as JSON that was to be %s", (_, data, where) => {
    expect(refusal(() => read(payload("json/protobuf", typeName, data))).message).toBe(
      `json/protobuf payload: cannot decode ${typeName}${where}`,
    );
  });

  it("as JSON that is not UTF-8", () => {
    const data = Buffer.concat([utf8('{"kind": "'), Buffer.of(0xff), utf8('"}')]);
    expect(refusal(() => read(payload("json/protobuf", typeName, data))).message).toBe(
      `json/protobuf payload: cannot decode ${typeName}`,
    );
  });

  it.each([
    ["a field that ends too soon", [0x0a, 0x05, 0x61]],
    ["the end of a group", [0x0c]],
    ["field number 0", [0x02, 0x00]],
    ["text that is not UTF-8", [0x0a, 0x01, 0xff]],
  ])("as binary with %s", (_, bytes) => {
    expect(
      refusal(() => read(payload("binary/protobuf", typeName, Uint8Array.from(bytes)))).message,
    ).toBe(`binary/protobuf payload: cannot decode ${typeName}`);
  });
});

describe("a message that does not encode is refused", () => {
  it.each(converters)("as $encodingType", (converter) => {
    const message = create(WorkflowExecutionSchema, { spec: { triggerMetadata: { key: "" } } });
    Object.assign(message.spec?.triggerMetadata ?? {}, { key: { toString: () => fail(secret) } });
    expect(refusal(() => converter.toPayload(message)).message).toBe(
      `${converter.encodingType} payload: cannot encode ${typeName}`,
    );
  });
});

describe("the converters of both encodings", () => {
  it.each([
    [ProtobufEsJsonPayloadConverter, "json/protobuf"],
    [ProtobufEsBinaryPayloadConverter, "binary/protobuf"],
  ])("can be composed: %o", (Converter, encoding) => {
    const converter: PayloadConverter = new CompositePayloadConverter(
      new Converter([DurationSchema]),
      new JsonPayloadConverter(),
    );
    const written = converter.toPayload(minute);
    expect(metadataOf(written)).toEqual({ encoding, messageType: "google.protobuf.Duration" });
    expect(converter.fromPayload(written)).toEqual(minute);
    expect(converter.fromPayload(converter.toPayload("text"))).toBe("text");
  });

  it.each([ProtobufEsJsonPayloadConverter, ProtobufEsBinaryPayloadConverter])(
    "take no message without a registry: %o",
    (Converter) => {
      expect(new Converter().toPayload("text")).toBeUndefined();
      expect(() => new Converter().toPayload(minute)).toThrow("is not in");
    },
  );
});

describe.each(converters)("bytes of another realm, as $encodingType", (converter) => {
  it.each(executionSchemas)("are read: $name", (schema) => {
    const message = withoutUnknown(filled(schema).message);
    const { metadata, data } = payloadOf(converter, message);
    const given = {
      metadata: Object.fromEntries(
        Object.entries(metadata ?? {}).map(([key, value]) => [key, foreign(value)]),
      ),
      data: foreign(data as Uint8Array),
    };
    const read: Message = payloadConverter.fromPayload(given);
    expect(isSame(schema, read, message)).toBe(true);
  });

  it("become ones of this realm", () => {
    const { data, ...rest } = payloadOf(converter, executionWith(token));
    const given = { ...rest, data: foreign(data as Uint8Array) };
    const read: WorkflowExecution = payloadConverter.fromPayload(given);
    expect(read.spec?.callbackToken).toBeInstanceOf(Uint8Array);
  });
});

describe.each(converters)("a Buffer, as $encodingType", (converter) => {
  it("that is a view into a pool is read within its range", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), fc.uint8Array(), (before, bytes, after) => {
        const message = executionWith(bytes);
        const { data, ...rest } = payloadOf(converter, message);
        const pool = Buffer.concat([before, data ?? new Uint8Array(), after]);
        const view = pool.subarray(before.length, pool.length - after.length);
        const read: WorkflowExecution = converter.fromPayload({ ...rest, data: view });
        expect(toJson(WorkflowExecutionSchema, read)).toEqual(
          toJson(WorkflowExecutionSchema, message),
        );
      }),
    );
  });

  it("can be overwritten after it was read", () => {
    const { data, ...rest } = payloadOf(converter, executionWith(token));
    const reused = Buffer.from(data as Uint8Array);
    const read: WorkflowExecution = converter.fromPayload({ ...rest, data: reused });
    reused.fill(0);
    expect(read.spec?.callbackToken).toEqual(token);
  });

  it("is written from a field within its range", () => {
    const pool = Buffer.concat([token, token]);
    const read: WorkflowExecution = converter.fromPayload(
      payloadOf(converter, executionWith(pool.subarray(10, 20))),
    );
    expect(read.spec?.callbackToken).toEqual(token.subarray(10, 20));
  });

  it("is no longer looked at when the field that it was in changes", () => {
    const execution = executionWith(Uint8Array.from(token));
    const payload = payloadOf(converter, execution);
    const before = Uint8Array.from(payload.data as Uint8Array);
    execution.spec?.callbackToken.fill(0);
    expect(payload.data).toEqual(before);
  });
});

function read(given: Parameters<typeof payloadConverter.fromPayload>[0]): Message {
  return payloadConverter.fromPayload(given);
}

function refusal(call: () => unknown): ValueError {
  const error = errorOf(call);
  if (!(error instanceof ValueError)) throw error;
  expect(error.cause).toBeUndefined();
  expect(findSecrets(textOf(error), [secret])).toEqual([]);
  return error;
}

function fail(message: string): never {
  throw new Error(message);
}
