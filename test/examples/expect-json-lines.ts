import { expect } from "vitest";
import { runHandshake } from "./run-handshake.js";

/** Runs two scenarios with --json: all steps are told by these roles, and a summary comes last. */
export async function expectJsonLines(
  roles: readonly string[],
  args: readonly string[] = [],
): Promise<void> {
  const scenarios = ["--scenario", "failing", "--scenario", "agent"];
  const run = await runHandshake(["--json", ...args, ...scenarios]);
  const lines = run.stdout.trim().split("\n");
  const entries = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(run).toMatchObject({ code: 0, stderr: "" });
  expect(entries.at(-1)).toMatchObject({
    type: "summary",
    results: [
      { scenario: "failing", outcome: "failed", expected: "failed" },
      { scenario: "agent", outcome: "completed", expected: "completed" },
    ],
  });
  for (const step of entries.slice(0, -1)) {
    expect(step).toEqual({
      type: "step",
      scenario: expect.stringMatching(/^(failing|agent)$/),
      ms: expect.any(Number),
      role: expect.stringMatching(new RegExp(`^(${roles.join("|")})$`)),
      step: expect.stringMatching(/./),
    });
  }
}
