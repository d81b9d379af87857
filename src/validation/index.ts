export { assertValidExecution } from "./assert-valid-execution.js";
export { type BadRequest, BadRequestSchema } from "./bad-request.js";
export { validateExecution } from "./validate-execution.js";
export { ValidationError, type ValidationErrorCode } from "./validation-error.js";
export type { Violation, ViolationRule } from "./violation.js";
