import { ExecutionPhase } from "../workflowexecution/v1.js";
import type { ExecutionStatus } from "./execution.js";

/** How an execution has ended; undefined while it has not. */
export function outcomeOf(
  status: ExecutionStatus | undefined,
): "completed" | "failed" | "cancelled" | undefined {
  // The phases of both kinds have the same numbers; a test holds this.
  switch (status?.phase as ExecutionPhase | undefined) {
    case ExecutionPhase.EXECUTION_COMPLETED:
      return "completed";
    case ExecutionPhase.EXECUTION_FAILED:
      return "failed";
    case ExecutionPhase.EXECUTION_CANCELLED:
      return "cancelled";
    default:
      return undefined;
  }
}
