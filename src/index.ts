/**
 * Callback tokens: reads, writes, checks, converts and shows them; and the detail of an error that says
 * what is wrong with a request.
 */

export type { Execution, ExecutionSpec, ExecutionStatus } from "./execution/execution.js";
export { type BadRequest, BadRequestSchema } from "./rpc/bad-request.js";
export * from "./token/index.js";
