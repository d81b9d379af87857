import type { Execution } from "../execution/execution.js";
import { identified } from "../execution/kinds.js";
import { outcomeOf } from "../execution/outcome-of.js";
import { type CallbackToken, getCallbackToken } from "../token/index.js";
import { ExecutionPhase } from "../workflowexecution/v1.js";
import type { ActivityCompleter, Settlement } from "./activity-completer.js";
import { countReport } from "./count-report.js";
import type { ExecutionQueries } from "./execution-client.js";
import { failureText } from "./failure-text.js";
import { HandshakeError } from "./handshake-error.js";
import { kindLabel } from "./instruments.js";
import type { MeterOptions } from "./meter.js";
import { readToken, readUnseenToken } from "./read-token.js";
import { sendReport } from "./send-report.js";

/**
 * What became of a report:
 *
 * - `reported`: the waiting activity has ended with the execution's outcome
 * - `no-token`: nobody waits; nothing was done. Also returned if a guard that does not say so, unlike
 *   `callbackTokenGuard`, has withheld the token
 * - `already-settled`: the activity is gone, or an earlier report has ended it
 */
export type ReportResult = "reported" | "no-token" | "already-settled";

/**
 * Tells the waiting activity how its execution ended: COMPLETED completes it with the status, FAILED
 * fails it with the text of the status, CANCELLED reports the cancellation. For whoever ends executions;
 * safe to call again after a crash.
 *
 * Publish the terminal status first, and pass the execution as it was read or returned after that. A
 * caller whose activity is retried meanwhile has then either put its new token into the spec, which is
 * found here by reading the execution again; or it is refused, finds the execution ended and takes the
 * status itself. Reporting first can leave such a caller waiting.
 *
 * An execution without a token is read once more, because whoever has read it may not have been allowed
 * to see its token. The token that `queries` sees is then used.
 *
 * Throws a `HandshakeError` with code `not-terminal`, `invalid-token`, `unavailable`, `too-large`,
 * `contended` or `token-withheld`, a `CallbackTokenError` when the spec's token cannot be one, and what `queries`
 * throws.
 */
export async function reportOutcome<E extends Execution>(
  execution: NoInfer<E>,
  completer: ActivityCompleter,
  queries: ExecutionQueries<E>,
  { meter }: MeterOptions = {},
): Promise<ReportResult> {
  const { status } = execution;
  const kind = kindLabel(identified(execution).kind);
  const subject = { kind, outcome: outcomeOf(status) ?? "unknown", status } as const;
  return countReport(meter, subject, () => reportOnce<E>(execution, completer, queries));
}

async function reportOnce<E extends Execution>(
  execution: E,
  completer: ActivityCompleter,
  queries: ExecutionQueries<E>,
): Promise<ReportResult> {
  const id = execution.metadata?.id ?? "";
  // Without an id there is none to be read, and none that anybody could have armed.
  const unseen = async () => (id === "" ? undefined : readUnseenToken(queries, id));
  const token = getCallbackToken(execution) ?? (await unseen());
  if (token === undefined) return "no-token";
  return sendReport(
    token,
    (token) => report(execution, token, completer),
    () => readToken(queries, id),
  );
}

function report(
  execution: Execution,
  token: CallbackToken,
  completer: ActivityCompleter,
): Promise<Settlement> {
  const { status } = execution;
  const id = execution.metadata?.id ?? "";
  if (status !== undefined) {
    switch (outcomeOf(status)) {
      case "completed":
        return completer.complete(token, status, async () => execution);
      case "failed":
        return completer.fail(token, { message: failureText(status) || `${id} failed`, status });
      case "cancelled":
        return completer.reportCancellation(token, status);
    }
  }
  const phase = status?.phase ?? 0;
  throw new HandshakeError(
    "not-terminal",
    `${id}: expected an execution that has ended, got phase ${ExecutionPhase[phase] ?? phase}`,
  );
}
