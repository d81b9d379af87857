export {
  createExecutionActivities,
  type ExecutionActivities,
  type ExecutionActivitiesOptions,
} from "./execution-activities.js";
export type {
  ExecutionClients,
  ExecutionLister,
  ExecutionReaders,
} from "./execution-clients.js";
export {
  createSystemActivities,
  type ExternalReport,
  type SystemActivities,
} from "./system-activities.js";
export { temporalCompleter } from "./temporal-completer.js";
export { withoutTaskToken } from "./without-task-token.js";
