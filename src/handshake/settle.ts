import { equalBytes } from "../equal-bytes.js";
import type { CallbackToken } from "../token/index.js";
import type { Settlement } from "./activity-completer.js";

/**
 * Reports with the token and, when no activity waits with it, with each newer one that the execution
 * is found to have: its caller's activity was retried meanwhile. `reread` gives the token as it is
 * now, or undefined when nobody can re-arm the execution any more.
 */
export async function settle(
  token: CallbackToken,
  report: (token: CallbackToken) => Promise<Settlement>,
  reread: () => Promise<CallbackToken | undefined>,
): Promise<"reported" | "already-settled"> {
  let current = token;
  for (;;) {
    if ((await report(current)) === "settled") return "reported";
    const rearmed = await reread();
    if (rearmed === undefined || equalBytes(rearmed, current)) return "already-settled";
    current = rearmed;
  }
}
