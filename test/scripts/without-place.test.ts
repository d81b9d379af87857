import { homedir, hostname } from "node:os";
import type { temporal } from "@temporalio/proto";
import { describe, expect, it } from "vitest";
import { root } from "../../scripts/buf.js";
import { withoutPlace } from "../../scripts/histories/without-place.js";

function failed(failure: temporal.api.failure.v1.IFailure): temporal.api.history.v1.IHistory {
  const attributes = { failure };
  return { events: [{ workflowExecutionFailedEventAttributes: attributes }] };
}

describe("a history without its place", () => {
  it.each([
    ["the checkout", `${root}src/index.ts`],
    ["the checkout's folder", `Cannot find ${root.slice(0, -1)}`],
    ["the home folder", `${homedir()}/a.js`],
    ["the host", `1234@${hostname()}`],
  ])("is refused where it names %s, as text or as a payload", (_, message) => {
    const data = Buffer.from(JSON.stringify(message));
    const encodedAttributes = { data };
    for (const failure of [{ message }, { encodedAttributes }]) {
      expect(() => withoutPlace(failed(failure))).toThrow("expected no place of this machine");
    }
  });

  it("may name what is longer, and has empty stacks", () => {
    const message = `/elsewhere${root.slice(0, -1)}-2/a.js and ${hostname()}-2`;
    const failure = { message, stackTrace: `at ${root}src/index.ts:1:1` };
    expect(withoutPlace(failed(failure)).events).toEqual([
      {
        workflowExecutionFailedEventAttributes: { failure: { message, stackTrace: "" } },
      },
    ]);
  });
});
