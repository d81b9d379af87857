import type { Message } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { payloadConverter } from "../../../src/temporal/payload-converter/index.js";
import { withOwnBytes } from "../../../src/temporal/payload-converter/with-own-bytes.js";
import type { WorkflowExecution } from "../../../src/workflowexecution/v1.js";
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

describe("a copy with bytes of this realm", () => {
  it.each(executionSchemas)("is the same message: $name", (schema) => {
    const message = filled(schema).message;
    const copy = withOwnBytes(withForeignBytes(message));
    expect(isSame(schema, copy, message)).toBe(true);
  });

  it("has bytes of its own, wherever they stand", () => {
    const given = { bytes: foreign(token), list: [foreign(token)], map: { a: token } };
    const copy = withOwnBytes(given);
    for (const bytes of [copy.bytes, copy.list[0], copy.map.a]) {
      expect(bytes).toBeInstanceOf(Uint8Array);
      expect(bytes).toEqual(token);
      expect(bytes).not.toBe(token);
    }
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
