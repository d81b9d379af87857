/**
 * The handshake on Temporal, for workers and clients: the activities of a caller and of a runner,
 * the completer, and a logger that shows no token. Needs `@temporalio/activity`, `@temporalio/client`
 * and `@temporalio/common`.
 */

export {
  createExecutionActivities,
  type ExecutionActivities,
  type ExecutionActivitiesOptions,
} from "./caller/execution-activities.js";
export type {
  ExecutionClients,
  ExecutionLister,
  ExecutionReaders,
} from "./execution-clients.js";
export { loggerWithoutTokens } from "./log/logger-without-tokens.js";
export type { GoReport } from "./runner/go-report.js";
export {
  createSystemActivities,
  type ExternalReport,
  type HeartbeatNews,
  type HeartbeatOptions,
  type SystemActivities,
} from "./runner/system-activities.js";
export {
  type TemporalCompleter,
  type TemporalCompleterOptions,
  temporalCompleter,
} from "./runner/temporal-completer.js";
