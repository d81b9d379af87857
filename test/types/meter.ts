// Not run but compiled, by `npm run typecheck`: a meter of OpenTelemetry is one of ours, and a provider
// that does nothing too.

import { metrics, type Meter as OpenTelemetryMeter } from "@opentelemetry/api";
import type { CallbackTokenGuardOptions } from "../../src/connect/index.js";
import type { Meter, MeterOptions } from "../../src/handshake/index.js";

declare const given: OpenTelemetryMeter;
export const meter: Meter = given;
export const options: MeterOptions = { meter: metrics.getMeter("orders") };
export const guard: CallbackTokenGuardOptions = { mayRead: () => true, meter: given };

// @ts-expect-error: a provider is no meter.
export const provider: Meter = metrics;
