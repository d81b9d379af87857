import { create } from "@bufbuild/protobuf";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { ageOf } from "../../src/handshake/age-of.js";
import { WorkflowExecutionStatusSchema } from "../../src/workflowexecution/v1.js";

describe("the age of an execution", () => {
  const ageAt = (now: string, startedAt: string) => {
    // Where nobody takes UTC for the time of the place.
    vi.stubEnv("TZ", "America/New_York");
    vi.useFakeTimers({ now: new Date(now) });
    onTestFinished(() => {
      vi.unstubAllEnvs();
      vi.useRealTimers();
    });
    return ageOf(create(WorkflowExecutionStatusSchema, { startedAt }));
  };

  it.each([
    ["in UTC", "2026-01-01T00:00:00Z", 90],
    ["in another zone", "2026-01-01T01:00:00+01:00", 90],
    [
      "as the existing services write it, in UTC without saying so",
      "2026-01-01T00:00:00.500000",
      89.5,
    ],
    ["ahead of this clock", "2026-01-01T00:02:00Z", 0],
    ["unknown", "", undefined],
    ["no time", "yesterday", undefined],
  ])("is counted in seconds from its start: %s", (_, startedAt, age) => {
    expect(ageAt("2026-01-01T00:01:30Z", startedAt)).toBe(age);
  });

  it("is not known without a status", () => {
    expect(ageOf(undefined)).toBeUndefined();
  });
});
