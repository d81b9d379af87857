import type { Violation } from "./violation.js";

/**
 * Why an execution is refused:
 *
 * - `invalid`: the execution breaks invariants; `violations` lists the first 100
 * - `wrong-message`: no execution but another message, or no message at all
 */
export type ValidationErrorCode = "invalid" | "wrong-message";

/** An execution that is refused. Neither the message nor the violations show a secret. */
export class ValidationError extends Error {
  override readonly name = "ValidationError";
  readonly code: ValidationErrorCode;
  /** The broken invariants, the first 100 of them; empty for `wrong-message`. */
  readonly violations: readonly Violation[];

  constructor(code: ValidationErrorCode, message: string, violations: readonly Violation[] = []) {
    super(message);
    this.code = code;
    this.violations = violations;
  }
}
