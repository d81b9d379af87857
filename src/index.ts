export type { Execution, ExecutionSpec, ExecutionStatus } from "./execution.js";
export * from "./token/index.js";
export * from "./validation/index.js";
