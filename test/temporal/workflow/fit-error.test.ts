import { ActivityFailure, ApplicationFailure, RetryState } from "@temporalio/common";
import { describe, expect, it } from "vitest";
import { textBytes } from "../../../src/temporal/payload/payload-limit.js";
import { fitError } from "../../../src/temporal/workflow/fit-error.js";

const payloadLimit = 100_000;
const long = "disk full: ".padEnd(200_000, "€");

/** What of an error Temporal writes into a failure: texts and stacks, of its causes too. */
function bytesOf(error: unknown): number {
  if (!(error instanceof Error)) return 0;
  return textBytes(error.message) + textBytes(error.stack ?? "") + bytesOf(error.cause);
}

function byActivity(cause: Error): ActivityFailure {
  const retryState = RetryState.NON_RETRYABLE_FAILURE;
  return new ActivityFailure("Activity task failed", "run", "1", retryState, "worker", cause);
}

describe("an error that ends a workflow", () => {
  it("is itself when it is small", () => {
    for (const error of [
      new Error("disk full"),
      ApplicationFailure.retryable("disk full", "Disk"),
      byActivity(ApplicationFailure.nonRetryable("disk full", "Disk")),
      "no error",
      undefined,
    ]) {
      expect(fitError(error, payloadLimit)).toBe(error);
    }
  });

  it.each<[string, Error, string]>([
    ["a failure of its own type", ApplicationFailure.retryable(long, "Disk"), "Disk"],
    [
      "the failure of an activity",
      byActivity(ApplicationFailure.nonRetryable(long, "Disk")),
      "Disk",
    ],
    [
      "a failure without a type",
      ApplicationFailure.create({ message: long }),
      "ApplicationFailure",
    ],
    ["an error of another class", new RangeError(long), "RangeError"],
    [
      "a failure whose cause is",
      ApplicationFailure.create({
        message: "no report",
        type: "Report",
        cause: ApplicationFailure.nonRetryable(long, "Disk"),
      }),
      "Report",
    ],
  ])("that is too large is a small one, for %s", (_, error, type) => {
    const fitted = fitError(error, payloadLimit);
    expect(fitted).toBeInstanceOf(ApplicationFailure);
    expect(fitted).toMatchObject({ type, nonRetryable: true });
    expect((fitted as Error).message).toMatch(/^disk full: €+… \[cut: \d+ of \d+ bytes\]$/);
    expect(bytesOf(fitted)).toBeLessThan(payloadLimit);
  });

  it("is measured with all of its causes together", () => {
    let error = new Error("x".repeat(10_000));
    for (let depth = 0; depth < 10; depth++) {
      error = new Error("x".repeat(10_000), { cause: error });
    }
    const fitted = fitError(error, payloadLimit);
    expect(fitted).not.toBe(error);
    expect(bytesOf(fitted)).toBeLessThan(payloadLimit);
  });

  it("is measured in bytes, and not in characters", () => {
    const error = new Error("€".repeat(20_000));
    error.stack = "";
    expect(fitError(error, payloadLimit)).toBe(error);
    const larger = new Error("€".repeat(30_000));
    larger.stack = "";
    expect(fitError(larger, payloadLimit)).not.toBe(larger);
  });
});
