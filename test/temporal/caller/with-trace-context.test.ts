import { describe, expect, it } from "vitest";
import { copyOf } from "../../../src/execution/copy-of.js";
import type { Execution } from "../../../src/execution/execution.js";
import { traceContextOf } from "../../../src/handshake/trace-context-of.js";
import { withTraceContext } from "../../../src/temporal/caller/with-trace-context.js";
import { kinds, present } from "../../testing/fixtures.js";

const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const inject = (carrier: Record<string, string>) =>
  Object.assign(carrier, { traceparent, tracestate: "vendor=1", baggage: "user=7" });

describe.each(kinds)("a request for a $name with a trace context", (kind) => {
  it("has what was injected in its annotations, but for the baggage", () => {
    const request = kind.valid();
    present(request.metadata).annotations = { owner: "orders" };
    const traced = withTraceContext<Execution>(request, inject);
    expect(traced.metadata?.annotations).toEqual({
      owner: "orders",
      "stigmer.ai/traceparent": traceparent,
      "stigmer.ai/tracestate": "vendor=1",
    });
    expect(traceContextOf(traced)).toEqual({ traceparent, tracestate: "vendor=1" });
  });

  it("is a copy, also of a request without metadata", () => {
    const { metadata: _, ...request } = kind.valid();
    const before = copyOf(request as Execution);
    const traced = withTraceContext(request as Execution, inject);
    expect(traceContextOf(traced)).toHaveProperty("traceparent", traceparent);
    expect(request).toEqual(before);
  });

  it("keeps the one that it has, and takes no tracestate of another", () => {
    const request = kind.valid();
    const own = traceparent.replace("0af7", "1af7");
    present(request.metadata).annotations = { "stigmer.ai/traceparent": own };
    expect(traceContextOf(withTraceContext<Execution>(request, inject))).toEqual({
      traceparent: own,
    });
  });

  it("has no annotation when nothing is traced", () => {
    const traced = withTraceContext<Execution>(kind.valid(), () => {});
    expect(traced).toEqual(kind.valid());
  });
});
