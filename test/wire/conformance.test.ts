import { fromBinary } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { getCallbackToken } from "../../src/index.js";
import { WorkflowExecutionSchema } from "../../src/workflowexecution/v1.js";
import { accepted, malformed } from "./cases.js";
import { join, spec } from "./encode.js";
import { decodeToken, Refused } from "./reference-decoder.js";

const kind = "WorkflowExecution";

function protobufEsToken(bytes: Uint8Array): Uint8Array | undefined {
  return getCallbackToken(fromBinary(WorkflowExecutionSchema, bytes));
}

// What the cases say that decoders do, decoders do.
describe("the cases of peekCallbackToken, read by the reference decoder", () => {
  it.each(accepted)("$name", ({ bytes, token }) => {
    expect(decodeToken(kind, bytes)).toEqual(token);
  });

  it.each(malformed)("$name", ({ bytes, code, offset = 0 }) => {
    const { outermost, inner } = typeof code === "string" ? { outermost: code, inner: code } : code;
    expect(() => decodeToken(kind, bytes)).toThrow(new Refused(outermost, offset));
    expect(() => decodeToken(kind, spec(bytes))).toThrow(new Refused(inner, offset + 2));
  });
});

describe("the cases of peekCallbackToken, read by protobuf-es", () => {
  const comparable = accepted.filter(({ protobufEsDiffers }) => !protobufEsDiffers);

  it.each(comparable)("$name", ({ bytes, token }) => {
    expect(protobufEsToken(bytes)).toEqual(token);
  });

  it.each(malformed)("$name", ({ bytes, protobufEsAccepts }) => {
    const read = () => protobufEsToken(join(spec(), bytes));
    if (protobufEsAccepts) expect(read).not.toThrow();
    else expect(read).toThrow();
  });
});
