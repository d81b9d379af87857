import { describe, expect, it } from "vitest";
import { traceContextOf } from "../../src/handshake/trace-context-of.js";
import { kinds, present } from "../testing/fixtures.js";

const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

describe.each(kinds)("the trace context of a $name", (kind) => {
  const annotated = (annotations: Record<string, string>) => {
    const execution = kind.valid();
    present(execution.metadata).annotations = annotations;
    return execution;
  };

  it("is what its annotations say, under the names of the headers", () => {
    const execution = annotated({
      "stigmer.ai/traceparent": traceparent,
      "stigmer.ai/tracestate": "vendor=1",
      "stigmer.ai/baggage": "user=7",
      owner: "orders",
    });
    expect(traceContextOf(execution)).toStrictEqual({ traceparent, tracestate: "vendor=1" });
  });

  it("has no tracestate where there is none", () => {
    const execution = annotated({ "stigmer.ai/traceparent": traceparent });
    expect(traceContextOf(execution)).toStrictEqual({ traceparent });
  });

  it("is empty for an execution that was not traced, or has no metadata", () => {
    expect(traceContextOf(kind.valid())).toStrictEqual({});
    const { metadata: _, ...rest } = kind.valid();
    expect(traceContextOf(rest as never)).toStrictEqual({});
  });
});
