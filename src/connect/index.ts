/**
 * Interceptors for Connect: keep tokens and secrets from callers who may not read them, and out of
 * logs. Needs `@connectrpc/connect`.
 */

export {
  type CallbackTokenGuardOptions,
  callbackTokenGuard,
  type GuardedCall,
} from "./callback-token-guard.js";
export { guardedServer } from "./guarded-server.js";
export { type CallLog, redactingLogger } from "./redacting-logger.js";
