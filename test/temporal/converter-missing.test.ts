import { ApplicationFailure } from "@temporalio/common";
import { describe, expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { converterMissing, withoutConverter } from "../../src/temporal/converter-missing.js";

describe("where the payload converter is missing", () => {
  it("the text names a module of this package that has one", () => {
    const [, module = ""] =
      /\S+ of @stigmer\/apis(\/\S+),/.exec(withoutConverter("client", "")) ?? [];
    expect(Object.keys(manifest.exports)).toContain(`.${module}`);
  });

  it("the failure says where and what came, and is not retried", () => {
    const failure = converterMissing("executeWorkflow", "a plain object");
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ type: "PayloadConverterMissing", nonRetryable: true });
    expect(failure.message).toMatch(/^executeWorkflow: expected .*; got a plain object$/);
  });
});
