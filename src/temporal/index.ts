/**
 * The handshake on Temporal, for workers and clients: the activities of a caller and of a runner,
 * the completer, and a logger that shows no token. Needs `@temporalio/activity`, `@temporalio/client`
 * and `@temporalio/common`.
 */

export * from "./caller/index.js";
export type {
  ExecutionClients,
  ExecutionLister,
  ExecutionReaders,
} from "./execution-clients.js";
export { loggerWithoutTokens } from "./log/logger-without-tokens.js";
export * from "./open-handshakes/index.js";
export * from "./runner/index.js";
