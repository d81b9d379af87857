export { type CallbackToken, callbackToken } from "./callback-token.js";
export { CallbackTokenError, type CallbackTokenErrorCode } from "./callback-token-error.js";
export { clearCallbackToken } from "./clear-callback-token.js";
export { describeCallbackToken } from "./describe-callback-token.js";
export { formatCallbackToken } from "./format-callback-token.js";
export { getCallbackToken } from "./get-callback-token.js";
export { hasCallbackToken } from "./has-callback-token.js";
export { parseCallbackToken } from "./parse-callback-token.js";
export { setCallbackToken } from "./set-callback-token.js";
