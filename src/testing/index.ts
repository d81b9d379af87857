/**
 * An execution service and an activity engine in memory, for tests and examples, not for production.
 * Needs `@bufbuild/protovalidate` and `@connectrpc/connect`.
 */

export {
  type Activity,
  type ActivityAttempt,
  type ActivityEngine,
  type ActivityHandle,
  type ActivityOptions,
  type ActivityResult,
  createActivityEngine,
  pending,
} from "./activity-engine.js";
export {
  createExecutionService,
  type ExecutionService,
  type ExecutionServiceOptions,
} from "./execution-service.js";
export type { RunControl, RunWorkflow } from "./workflow-runs.js";
