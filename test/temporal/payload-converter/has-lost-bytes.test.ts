import { ApplicationFailure } from "@temporalio/common";
import { describe, expect, it } from "vitest";
import { hasLostBytes } from "../../../src/temporal/payload-converter/has-lost-bytes.js";
import { createPayloadConverter } from "../../../src/temporal/payload-converter/index.js";
import { errorOf } from "../../redaction/fixtures.js";
import { make, schemaOf } from "../../redaction/protos.js";

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
