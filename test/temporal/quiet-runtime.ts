import { DefaultLogger, makeTelemetryFilterString, Runtime } from "@temporalio/worker";

/** Workers of this process write nothing that is expected to a test's output. */
export function quietRuntime(): void {
  const filter = makeTelemetryFilterString({ core: "ERROR", other: "ERROR" });
  Runtime.install({
    logger: new DefaultLogger("ERROR"),
    telemetryOptions: { logging: { filter } },
  });
}
