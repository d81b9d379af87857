import type { Execution } from "./execution.js";
import { outcomeOf } from "./outcome-of.js";

/** Whether the execution has ended: its phase is COMPLETED, FAILED or CANCELLED. */
export function isTerminal(execution: Execution): boolean {
  return outcomeOf(execution.status) !== undefined;
}
