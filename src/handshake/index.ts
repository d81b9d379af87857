/**
 * The handshake of caller and runner, for any engine: starts an execution and waits for it, and
 * reports how it has ended.
 */

export { isTerminal } from "../execution/is-terminal.js";
export type {
  ActivityCompleter,
  ExecutionFailure,
  HeartbeatAnswer,
  Settlement,
} from "./activity-completer.js";
export type {
  AgentExecutionSubscriber,
  CallOptions,
  ExecutionCommands,
  ExecutionQueries,
  KindClients,
  WorkflowExecutionSubscriber,
} from "./execution-client.js";
export { HandshakeError, type HandshakeErrorCode } from "./handshake-error.js";
export type { Meter, MeterOptions } from "./meter.js";
export { rearmExecution } from "./rearm-execution.js";
export { type ReportResult, reportOutcome } from "./report-outcome.js";
export { startExecution } from "./start-execution.js";
export { traceContextOf } from "./trace-context-of.js";
export { type WaitOptions, waitForExecution } from "./wait-for-execution.js";
