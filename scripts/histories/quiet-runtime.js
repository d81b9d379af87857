import { DefaultLogger, Runtime } from "@temporalio/worker";

let isInstalled = false;

/** What workers of this process log of workflows that fail or are not replayed is not printed. */
export function quietRuntime() {
  // One for the process, which may replay and record.
  if (isInstalled) return;
  isInstalled = true;
  Runtime.install({
    logger: new DefaultLogger("ERROR", () => {}),
    telemetryOptions: { logging: { filter: "off" } },
  });
}
