import type { MetricMeter } from "@temporalio/common";
import type { Meter } from "../handshake/index.js";

/** The meter of a Temporal worker, as one of OpenTelemetry. */
export function temporalMeter(meter: MetricMeter): Meter {
  return {
    createCounter: (name, { description }) => meter.createCounter(name, undefined, description),
    createHistogram: (name, { description }) =>
      // Temporal appends the unit to the name as it stands, where OpenTelemetry spells `s` out.
      meter.createHistogram(name, "float", "seconds", description),
  };
}
