import type { Execution } from "../execution.js";
import { ExecutionPhase } from "../workflowexecution/v1.js";

/** Whether the execution has ended: its phase is COMPLETED, FAILED or CANCELLED. */
export function isTerminal(execution: Execution): boolean {
  // The phases of both kinds have the same numbers; a test holds this.
  switch (execution.status?.phase as ExecutionPhase | undefined) {
    case ExecutionPhase.EXECUTION_COMPLETED:
    case ExecutionPhase.EXECUTION_FAILED:
    case ExecutionPhase.EXECUTION_CANCELLED:
      return true;
    default:
      return false;
  }
}
