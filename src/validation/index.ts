/**
 * Validates executions by the invariants of the contract: the rules in its protos, which protovalidate
 * checks in every language, and what no rule can say of a Struct.
 */

export { assertValidExecution } from "./assert-valid-execution.js";
export { validateExecution } from "./validate-execution.js";
export { ValidationError, type ValidationErrorCode } from "./validation-error.js";
export type { Violation, ViolationRule } from "./violation.js";
