import { rootCause } from "@temporalio/common";
import { DefaultLogger, type LogEntry } from "@temporalio/worker";

/**
 * A logger that prints what workflows and activities do, one step a line, and what goes wrong in the
 * SDK around them.
 */
export const printSteps = new DefaultLogger("INFO", ({ level, message, meta = {} }: LogEntry) => {
  const isStep = meta.sdkComponent === "workflow" || meta.sdkComponent === "activity";
  if (!isStep && level === "INFO") return;
  const { executionId, callbackToken, reason, cause, error } = meta;
  const details = [
    executionId,
    callbackToken && `token ${callbackToken}`,
    reason,
    cause,
    error instanceof Error && (rootCause(error) ?? error.message),
  ].filter(Boolean);
  console.log(details.length > 0 ? `${message}: ${details.join(", ")}` : message);
});
