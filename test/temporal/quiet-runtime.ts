import { DefaultLogger, Runtime, type TelemetryOptions } from "@temporalio/worker";

/** Workers of this process write nothing that is expected to a test's output. */
export function quietRuntime(metrics?: TelemetryOptions["metrics"]): void {
  Runtime.install({
    logger: new DefaultLogger("ERROR"),
    telemetryOptions: {
      logging: { filter: { core: "ERROR", other: "ERROR" } },
      ...(metrics && { metrics }),
    },
  });
}
