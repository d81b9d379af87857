/**
 * Callback tokens: reads, writes, checks, converts and shows them; and validates executions by the
 * contract's invariants.
 */

export type { Execution, ExecutionSpec, ExecutionStatus } from "./execution/execution.js";
export * from "./token/index.js";
export * from "./validation/index.js";
