import { describe, expect, it } from "vitest";
import type { Execution } from "../../src/execution/execution.js";
import { assertMessage } from "../../src/temporal/assert-message.js";
import { errorOf } from "../redaction/fixtures.js";
import { kinds, leaksOf, newToken, present } from "../testing/fixtures.js";
import { foreign } from "./payload-converter/fixtures.js";

/** What Temporal's default converter makes of a message. */
function throughJson(execution: Execution): Execution {
  return JSON.parse(JSON.stringify(execution));
}

describe.each(kinds)("a request for a $name", ({ valid }) => {
  const take = (execution: Execution) =>
    expect(() => assertMessage("ExecuteWorkflow", execution)).not.toThrow();
  const refusalOf = (execution: unknown) =>
    errorOf(() => assertMessage("ExecuteWorkflow", execution as Execution));

  it("is taken with a token and without one", () => {
    take(valid());
    take(valid({ token: newToken() }));
  });

  it("is taken without a spec, which the service refuses in better words", () => {
    const execution = valid();
    delete execution.spec;
    take(execution);
  });

  it("is taken with bytes of another realm, as a workflow's sandbox has them", () => {
    const execution = valid();
    Object.assign(present(execution.spec), { callbackToken: foreign(newToken()) });
    take(execution);
  });

  it("is refused for good when it is a plain object, and its token is not shown", () => {
    for (const token of [{ token: newToken() }, {}]) {
      const failure = refusalOf(throughJson(valid(token)));
      expect(failure).toMatchObject({ type: "PayloadConverterMissing", nonRetryable: true });
      expect(`${failure}`).toMatch(/ExecuteWorkflow: expected .*; got a plain object$/);
      expect(leaksOf(failure)).toEqual([]);
    }
  });

  it("is refused when its type was lost on the way", () => {
    const { $typeName: _, ...plain } = valid();
    expect(refusalOf(plain)).toMatchObject({ type: "PayloadConverterMissing" });
  });

  it.each([undefined, null, "wex-1"])("is refused when it is %j", (given) => {
    expect(refusalOf(given)).toMatchObject({ type: "PayloadConverterMissing" });
  });
});
