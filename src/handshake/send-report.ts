import { equalBytes } from "../equal-bytes.js";
import type { CallbackToken } from "../token/index.js";
import type { Settlement } from "./activity-completer.js";
import { backoff } from "./backoff.js";
import { HandshakeError } from "./handshake-error.js";
import { sleep } from "./sleep.js";

// With the backoff, for 6 s at most.
const maxTokens = 7;

/**
 * Sends a report with the token and, when no activity waits with it, with each newer one that the execution
 * is found to have: its caller's activity was retried meanwhile. `reread` gives the token as it is
 * now, or undefined when nobody can re-arm the execution any more.
 *
 * Throws a `HandshakeError` with code `contended` for an execution whose token changes every time.
 */
export async function sendReport(
  token: CallbackToken,
  send: (token: CallbackToken) => Promise<Settlement>,
  reread: () => Promise<CallbackToken | undefined>,
): Promise<"reported" | "already-settled"> {
  let current = token;
  for (let tokens = 1; ; tokens++) {
    if ((await send(current)) === "settled") return "reported";
    const rearmed = await reread();
    if (rearmed === undefined || equalBytes(rearmed, current)) return "already-settled";
    if (tokens === maxTokens) {
      throw new HandshakeError("contended", "the callback token was replaced during every report");
    }
    if (tokens > 1) await sleep(backoff(tokens));
    current = rearmed;
  }
}
