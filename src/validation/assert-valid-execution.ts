import type { Execution } from "../execution/execution.js";
import { summarizeViolations } from "./summarize-violations.js";
import { validateExecution } from "./validate-execution.js";
import { ValidationError } from "./validation-error.js";

/**
 * Throws one `ValidationError` with code `invalid` for an execution that breaks invariants of the
 * contract: `violations` has all of them, the message lists the first and counts the others. Throws one
 * with code `wrong-message` for anything but an execution.
 */
export function assertValidExecution(execution: Execution): void {
  const violations = validateExecution(execution);
  if (violations.length > 0) {
    throw new ValidationError(
      "invalid",
      summarizeViolations(execution.$typeName, violations).message,
      violations,
    );
  }
}
