export type { GoReport } from "./go-report.js";
export type { HeartbeatNews, HeartbeatOptions } from "./heartbeating.js";
export type { ExternalReport } from "./reporting.js";
export { createSystemActivities, type SystemActivities } from "./system-activities.js";
export {
  type TemporalCompleter,
  type TemporalCompleterOptions,
  temporalCompleter,
} from "./temporal-completer.js";
