import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { cutFieldsOf } from "../../../src/temporal/payload/fit-status.js";
import { wholeExecution } from "../../../src/temporal/runner/whole-execution.js";
import type { WorkflowExecution } from "../../../src/workflowexecution/v1.js";
import {
  ExecutionPhase,
  WorkflowExecutionStatusSchema,
} from "../../../src/workflowexecution/v1.js";
import { newToken, workflowKind } from "../../testing/fixtures.js";

const status = create(WorkflowExecutionStatusSchema, {
  phase: ExecutionPhase.EXECUTION_COMPLETED,
  output: { text: "x".repeat(10_000) },
});

function execution(bytes = 0) {
  const execution = workflowKind.valid({ id: "wex-1", token: newToken() });
  if (execution.spec) execution.spec.triggerMessage = "y".repeat(bytes);
  return execution;
}

describe("wholeExecution", () => {
  it("has everything but the token where that fits", () => {
    const whole = wholeExecution(status, execution(), 20_000) as WorkflowExecution;
    expect(whole.metadata?.id).toBe("wex-1");
    expect(whole.spec).toMatchObject({ workflowId: "wf-1", callbackToken: new Uint8Array() });
    expect(whole.status).toEqual(status);
  });

  it("loses its spec before its output", () => {
    const whole = wholeExecution(status, execution(15_000), 20_000);
    expect(whole.metadata?.id).toBe("wex-1");
    expect(whole.spec).toBeUndefined();
    expect(whole.status).toEqual(status);
  });

  it("loses its output when that alone is too large", () => {
    const whole = wholeExecution(status, execution(), 5_000);
    expect(whole.metadata?.id).toBe("wex-1");
    expect(cutFieldsOf(whole.status as typeof status)).toEqual(["output"]);
  });

  it("is the least status where nothing else fits", () => {
    const whole = wholeExecution(status, execution(), 0);
    expect(whole.metadata).toBeUndefined();
    expect(whole.status).toMatchObject({ phase: ExecutionPhase.EXECUTION_COMPLETED });
  });

  it("is only the status where the execution could not be read", () => {
    const whole = wholeExecution(status, undefined, 20_000);
    expect([whole.metadata, whole.spec, whole.status]).toEqual([undefined, undefined, status]);
  });
});
