import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { HandshakeError } from "../../../src/handshake/index.js";
import type { CompletionClient } from "../../../src/temporal/runner/completion-client.js";
import { fitting } from "../../../src/temporal/runner/fitting.js";
import {
  ExecutionPhase,
  type WorkflowExecutionStatus,
  WorkflowExecutionStatusSchema,
} from "../../../src/workflowexecution/v1.js";
import { newToken, rejection } from "../../testing/fixtures.js";

const status = create(WorkflowExecutionStatusSchema, {
  phase: ExecutionPhase.EXECUTION_COMPLETED,
  output: { text: "x".repeat(100_000) },
});
const limit = 2 * 1024 * 1024;

/** What reaches a server that takes no more than so many bytes. */
function fittingFor(mostBytes: number, { payloadLimit = limit, asJson = false } = {}) {
  const sizes: number[] = [];
  const sent: unknown[] = [];
  const completion = {
    complete: async (_: unknown, result: unknown) => {
      const size = JSON.stringify(result, (_, value) =>
        typeof value === "bigint" ? `${value}` : value,
      ).length;
      sizes.push(size);
      if (size > mostBytes) {
        const details = "grpc: received message larger than max";
        throw Object.assign(new Error(details), { code: 8, details, metadata: new Map() });
      }
      sent.push(result);
    },
  };
  const made = fitting(completion as unknown as CompletionClient, payloadLimit, asJson);
  const complete = () =>
    made.settleFitted(
      newToken(),
      status,
      (isLeast) => made.fitted(status, isLeast),
      (result) => completion.complete(undefined, result),
    );
  return { complete, sizes, sent };
}

describe("a status that ends an activity", () => {
  it("is sent as it is when it fits", async () => {
    const { complete, sent } = fittingFor(limit);
    expect(await complete()).toBe("settled");
    expect(sent).toEqual([status]);
  });

  it("is cut to what its payload has room for", async () => {
    const { complete, sent } = fittingFor(limit, { payloadLimit: 64 * 1024 });
    expect(await complete()).toBe("settled");
    const [result] = sent as WorkflowExecutionStatus[];
    expect(result?.output).toBeUndefined();
    expect(result?.phase).toBe(ExecutionPhase.EXECUTION_COMPLETED);
  });

  it("is sent by its least where the server takes less, and once more only", async () => {
    const { complete, sizes, sent } = fittingFor(10_000);
    expect(await complete()).toBe("settled");
    expect(sizes).toHaveLength(2);
    const [result] = sent as WorkflowExecutionStatus[];
    expect(result?.phase).toBe(ExecutionPhase.EXECUTION_COMPLETED);

    const none = fittingFor(1);
    const error = await rejection(none.complete());
    expect(error).toBeInstanceOf(HandshakeError);
    expect(error).toMatchObject({ code: "too-large" });
    expect(none.sizes).toHaveLength(2);
  });

  it("has its JSON form for callers that read that", async () => {
    const { complete, sent } = fittingFor(limit, { asJson: true });
    await complete();
    expect(sent).toEqual([{ phase: "EXECUTION_COMPLETED", output: { text: "x".repeat(100_000) } }]);
  });
});
