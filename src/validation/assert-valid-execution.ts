import type { Execution } from "../execution/execution.js";
import { summarizeViolations } from "./summarize-violations.js";
import { allViolations, listed } from "./validate-execution.js";
import { ValidationError } from "./validation-error.js";

/**
 * Throws one `ValidationError` with code `invalid` for an execution that breaks invariants of the
 * contract: `violations` has the first 100 of them, the message lists fewer and counts all. Throws one with
 * code `wrong-message` for anything but an execution.
 */
export function assertValidExecution(execution: Execution): void {
  const violations = allViolations(execution);
  if (violations.length > 0) {
    const { message } = summarizeViolations(execution.$typeName, violations);
    throw new ValidationError("invalid", message, listed(violations));
  }
}
