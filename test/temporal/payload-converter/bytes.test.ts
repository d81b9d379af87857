import { type Message, toJson } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { payloadConverter } from "../../../src/temporal/payload-converter/index.js";
import {
  type WorkflowExecution,
  WorkflowExecutionSchema,
} from "../../../src/workflowexecution/v1.js";
import { filled } from "../../connect/filled.js";
import {
  converters,
  executionSchemas,
  executionWith,
  foreign,
  isSame,
  json,
  payloadOf,
  withoutUnknown,
} from "./fixtures.js";

const token = Uint8Array.from({ length: 132 }, (_, index) => index);

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

  it.each(executionSchemas)("are written from any field, and stay as they are: $name", (schema) => {
    const message = withoutUnknown(filled(schema).message);
    const given = withForeignBytes(message);
    const read: Message = payloadConverter.fromPayload(payloadOf(converter, given));
    expect(isSame(schema, read, message)).toBe(true);
  });
});

it("bytes of another realm are written beside a map with the key __proto__", () => {
  const triggerMetadata = Object.fromEntries([["__proto__", "kept"]]);
  const message = executionWith(foreign(token));
  Object.assign(message.spec ?? {}, { triggerMetadata });
  const read: WorkflowExecution = payloadConverter.fromPayload(payloadOf(json, message));
  expect(Object.entries(read.spec?.triggerMetadata ?? {})).toEqual([["__proto__", "kept"]]);
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

/** A copy with all bytes from another realm, and nothing that can be written to. */
function withForeignBytes<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Uint8Array) return foreign(value) as T;
  if (Array.isArray(value)) return Object.freeze(value.map(withForeignBytes)) as T;
  const entries = Object.entries(value).map(([key, item]) => [key, withForeignBytes(item)]);
  return Object.freeze(Object.fromEntries(entries));
}
