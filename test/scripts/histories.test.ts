import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findBaseline } from "../../scripts/gate/baseline.js";
import { type Checkout, createCheckout } from "./checkout.js";

const { version: released } = findBaseline();
const folder = `baseline/${released}/histories`;
const heartbeats = "src/temporal/workflow/heartbeats.ts";

let checkout: Checkout;
beforeEach(() => {
  checkout = createCheckout();
});
afterEach(() => checkout.remove());

function gate(step: string) {
  const { status, stdout } = checkout.run(
    process.execPath,
    ...["scripts/gate.js", step, "--format", "json"],
  );
  return { status, step: JSON.parse(stdout).steps[0] };
}

/** What the example in CONTRIBUTING.md takes out, and what it puts in its place. */
function exampleOf(): { file: string; before: string; after: string } {
  const text = readFileSync("CONTRIBUTING.md", "utf8");
  const [, block = ""] = /^```diff\n(.*?)^```$/ms.exec(text) ?? [];
  const [head = "", ...lines] = block.split("\n");
  const linesOf = (sign: string) => lines.filter((line) => line.startsWith(sign) || line === "");
  const textOf = (sign: string) =>
    linesOf(sign)
      .map((line) => line.slice(1))
      .join("\n")
      .trimEnd();
  return { file: head.replace(/^--- /, ""), before: textOf("-"), after: textOf("+") };
}

describe("the histories of released versions", () => {
  it.each([
    {
      what: "a first heartbeat without a wait",
      file: heartbeats,
      from: "await sleep(heartbeatInterval);",
      to: "",
      breaks: ["heartbeats", "rearmed", "caller-gone"],
    },
    {
      what: "heartbeats that end when the caller wants to cancel",
      file: heartbeats,
      from: "isCancelling = true;",
      to: "return;",
      breaks: ["cancelled-by-caller"],
    },
    {
      what: "another activity that reports a failure",
      file: "src/temporal/workflow/report.ts",
      from: ": FailExternalActivity;",
      to: ": CancelExternalActivity;",
      breaks: ["thrown"],
    },
    {
      what: "no last look at an execution whose activity timed out",
      file: "src/temporal/workflow/outcome-of-wait.ts",
      from: "return lastLook(wait, error);",
      to: "throw error;",
      breaks: ["timed-out", "misdirected"],
    },
  ])("fail the gate after $what, with what that means", ({ file, from, to, breaks }) => {
    checkout.edit(file, from, to);
    const { status, step } = gate("histories");
    expect(status).toBe(1);
    expect(step.findings).toHaveLength(1);
    expect(step.findings[0]).toMatchObject({
      rule: "HISTORY_BROKEN",
      message: expect.stringContaining(`Open executions of ${released} stall on upgrade`),
    });
    expect(step.advice).toContain("patched()");
    const [, scenarios = ""] = /\((.*?)\)/.exec(step.findings[0].message) ?? [];
    expect(scenarios.split(", ")).toEqual(expect.arrayContaining(breaks));
  });

  it("are replayed by a change as the example in CONTRIBUTING.md makes it", () => {
    const { file, before, after } = exampleOf();
    checkout.edit(file, before, after);
    checkout.edit(file, "  rootCause,", "  patched,\n  rootCause,");
    expect(gate("histories")).toMatchObject({ status: 0, step: { state: "clean" } });
    const [, change = ""] = /if \(!patched\([^)]*\)\) (.*)$/m.exec(after) ?? [];
    checkout.edit(file, change, "");
    expect(gate("histories")).toMatchObject({ status: 1, step: { state: "findings" } });
  });

  it("are missed when there are none", () => {
    rmSync(join(checkout.folder, folder), { recursive: true });
    expect(gate("histories")).toMatchObject({
      status: 2,
      step: { error: expect.stringContaining(`expected the histories of the released version`) },
    });
  });
});
