import {
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
} from "@opentelemetry/sdk-trace-node";

const others = new ParentBasedSampler({ root: new AlwaysOnSampler() });

/** Each heartbeat of a runner is an attempt of an activity, and would be a span: 8,640 a day. */
export const withoutHeartbeats: Sampler = {
  shouldSample: (context, traceId, name, ...rest) =>
    name === "RunActivity:HeartbeatExternalActivity"
      ? { decision: SamplingDecision.NOT_RECORD }
      : others.shouldSample(context, traceId, name, ...rest),
  toString: () => "WithoutHeartbeats",
};
