export {
  type CallbackTokenGuardOptions,
  callbackTokenGuard,
  type GuardedCall,
} from "./callback-token-guard.js";
export { type CallLog, redactingLogger } from "./redacting-logger.js";
