import { create } from "@bufbuild/protobuf";
import { defaultPayloadConverter, type PayloadConverter } from "@temporalio/common";
import { describe, expect, it, onTestFinished } from "vitest";
import { payloadConverter } from "../../../src/temporal/payload-converter/index.js";
import {
  assertConverter,
  failsWorkflow,
  payloadBytes,
} from "../../../src/temporal/workflow/activator.js";
import {
  WorkflowExecutionSchema,
  WorkflowExecutionStatusSchema,
} from "../../../src/workflowexecution/v1.js";
import { errorOf } from "../../redaction/fixtures.js";

/** A workflow that runs until the end of the test, of which the SDK knows this. */
function inWorkflow(activator: object): void {
  Object.assign(globalThis, { __TEMPORAL_ACTIVATOR__: activator });
  onTestFinished(() => void Reflect.deleteProperty(globalThis, "__TEMPORAL_ACTIVATOR__"));
}

const message = create(WorkflowExecutionStatusSchema, { error: "☃" });

describe("a workflow's payload converter", () => {
  it("is enough when it knows messages", () => {
    inWorkflow({ payloadConverter });
    expect(() => assertConverter("withCallback")).not.toThrow();
  });

  it("is missing, for good, when it is Temporal's default", () => {
    inWorkflow({ payloadConverter: defaultPayloadConverter });
    const failure = errorOf(() => assertConverter("withCallback"));
    expect(failure).toMatchObject({ type: "PayloadConverterMissing", nonRetryable: true });
    expect(`${failure}`).toMatch(/withCallback: expected .*; got a bundle without one$/);
  });

  it("is not asked for where the SDK does not tell, as outside of a workflow", () => {
    expect(() => assertConverter("withCallback")).not.toThrow();
    inWorkflow({});
    expect(() => assertConverter("withCallback")).not.toThrow();
  });
});

describe("the bytes that a value takes as a payload of a workflow", () => {
  const bytesWith = (converter: PayloadConverter, value: unknown) => {
    inWorkflow({ payloadConverter: converter });
    return payloadBytes(value);
  };

  it("are those of its data", () => {
    expect(bytesWith(payloadConverter, message)).toBe(Buffer.byteLength('{"error":"☃"}'));
    expect(bytesWith(payloadConverter, [1, 2])).toBe("[1,2]".length);
    expect(bytesWith(payloadConverter, undefined)).toBe(0);
  });

  it("are infinite when it cannot be one", () => {
    const stranger = create(WorkflowExecutionSchema, { spec: { triggerMetadata: { key: "" } } });
    Object.assign(stranger.spec?.triggerMetadata ?? {}, { key: 7n });
    for (const value of [1n, stranger]) {
      expect(bytesWith(payloadConverter, value)).toBe(Number.POSITIVE_INFINITY);
    }
  });

  it("are none where the SDK does not tell", () => {
    expect(payloadBytes(message)).toBe(0);
  });
});

describe("an error that is no TemporalFailure", () => {
  const isConfiguredFailureException = (error: unknown) => error instanceof TypeError;

  it("fails a workflow that has it among its failure types, and no other", () => {
    inWorkflow({ isConfiguredFailureException });
    expect(failsWorkflow(new TypeError("no output"))).toBe(true);
    expect(failsWorkflow(new RangeError("no output"))).toBe(false);
  });

  it("fails none where the SDK does not tell", () => {
    expect(failsWorkflow(new TypeError("no output"))).toBe(false);
  });
});
