// Where the run of an execution is started: in the trace of its caller, hours later.

import { create } from "@bufbuild/protobuf";
import { context, propagation, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { traceContextOf } from "@stigmer/apis/handshake";
import { WorkflowExecutionSchema } from "@stigmer/apis/workflowexecution/v1";

new NodeTracerProvider().register();

// As `injectTraceContext` of `createExecutionActivities` has had it created.
const execution = create(WorkflowExecutionSchema, {
  metadata: {
    id: "wex-1",
    annotations: {
      "stigmer.ai/traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    },
  },
});

const parent = propagation.extract(ROOT_CONTEXT, traceContextOf(execution));
context.with(parent, () => {
  const span = trace.getTracer("dispatcher").startSpan("start the run");
  console.log(span.spanContext().traceId); // => 0af7651916cd43dd8448eb211c80319c
  span.end();
});
