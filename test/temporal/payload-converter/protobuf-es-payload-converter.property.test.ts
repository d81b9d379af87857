import { toBinary, toJsonString } from "@bufbuild/protobuf";
import { type Payload, ValueError } from "@temporalio/common";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { payloadConverter } from "../../../src/temporal/payload-converter/index.js";
import { WorkflowExecutionSchema } from "../../../src/workflowexecution/v1.js";
import { filled } from "../../connect/filled.js";
import { findSecrets } from "../../find-secrets.js";
import { textOf } from "../../redaction/fixtures.js";
import { converters, executionSchemas, payload, utf8 } from "./fixtures.js";

describe("no error shows what is in a payload", () => {
  it.each(executionSchemas)("that was cut or changed: $name", (schema) => {
    const { message, secrets } = filled(schema);
    const texts = [toJsonString(schema, message), Buffer.from(toBinary(schema, message))];
    let refused = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.nat(),
        fc.nat(),
        fc.uint8Array({ minLength: 1, maxLength: 3 }),
        (text, at, cut, patch) => {
          const whole = Buffer.from(text as string);
          const start = at % whole.length;
          const end = cut % 4 === 0 ? start + patch.length : whole.length;
          const data = Buffer.concat([whole.subarray(0, start), patch, whole.subarray(end)]);
          const encoding = typeof text === "string" ? "json/protobuf" : "binary/protobuf";
          const error = refusalOf(payload(encoding, schema.typeName, data));
          if (error === undefined) return;
          refused++;
          expect(error).toBeInstanceOf(ValueError);
          expect(findSecrets(textOf(error), secrets)).toEqual([]);
        },
      ),
      { numRuns: 500 },
    );
    expect(refused).toBeGreaterThan(100);
  });

  it("whatever its bytes and its type are", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...converters),
        fc.constantFrom(
          WorkflowExecutionSchema.typeName,
          "google.protobuf.Struct",
          "google.protobuf.Timestamp",
          "a.B",
        ),
        fc.oneof(fc.uint8Array(), fc.json().map(utf8)),
        ({ encodingType }, messageType, data) => {
          const error = refusalOf(payload(encodingType, messageType, data));
          if (error !== undefined) expect(error).toBeInstanceOf(ValueError);
        },
      ),
    );
  });
});

/** What is thrown when it is read; undefined when it is not refused. */
function refusalOf(given: Payload): unknown {
  try {
    payloadConverter.fromPayload(given);
  } catch (error) {
    return error;
  }
  return undefined;
}
