import { asyncLocalStorage, Context, heartbeat } from "@temporalio/activity";
import { ApplicationFailure, ApplicationFailureCategory } from "@temporalio/common";
import { equalBytes } from "../../equal-bytes.js";
import type { Execution } from "../../execution/execution.js";
import type { ActivityCompleter, ExecutionQueries } from "../../handshake/index.js";
import { readToken } from "../../handshake/read-token.js";
import { type CallbackToken, formatCallbackToken } from "../../token/index.js";
import { handshakeFields } from "../log/handshake-fields.js";
import { bounded } from "./bounded.js";
import { refusing, tokenOf } from "./refusing.js";
import type { QueriesOf } from "./reporting.js";
import type { SystemActivities } from "./system-activities.js";

/**
 * News of the caller: it wants the execution to be cancelled; or `maxMissed` heartbeats in a row have
 * found no activity; or its activity was retried and now waits under this token (in Base64).
 */
export type HeartbeatNews = "cancel-requested" | "caller-gone" | { readonly rearmed: string };

/** Which news a heartbeat waits for. */
export interface HeartbeatOptions {
  /** How many heartbeats in a row may find no activity; without it, any number. */
  readonly maxMissed?: number | undefined;
  /** Set once the caller is known to want the cancellation, so that it is no longer news. */
  readonly isCancelling?: boolean;
}

/** One heartbeat; see `SystemActivities.HeartbeatExternalActivity`. */
export function heartbeating(
  completer: ActivityCompleter,
  queriesOf: QueriesOf,
): SystemActivities["HeartbeatExternalActivity"] {
  return async (bytes, executionId, { maxMissed, isCancelling = false } = {}) => {
    const token = tokenOf(bytes);
    const beat = (token: CallbackToken) =>
      refusing(() => completer.heartbeat(token, { executionId }));
    const context = asyncLocalStorage.getStore();
    const fieldsOf = (token: CallbackToken) =>
      handshakeFields(context?.info.attempt, executionId, token);
    let answer = await beat(token);
    if (answer === "not-found") {
      const newer = await readNewerToken(queriesOf(executionId), executionId, token);
      if (newer !== undefined) {
        answer = await beat(newer);
        if (answer !== "not-found") {
          context?.log.info("found a newer callback token", fieldsOf(newer));
          return { rearmed: formatCallbackToken(newer) };
        }
      }
      // Each heartbeat would say so until the caller is back.
      context?.log.debug("no activity waits for this heartbeat", fieldsOf(token));
    }
    if (answer === "cancel-requested" && !isCancelling) return answer;
    if (maxMissed !== undefined) {
      const news = countMissed(answer === "not-found", maxMissed);
      if (news !== undefined) return news;
    }
    throw ApplicationFailure.create({
      type: "ExecutionGoesOn",
      message: "the next attempt is the next heartbeat",
      category: ApplicationFailureCategory.BENIGN,
    });
  };
}

/** The token of the execution if it differs from this one; undefined if it does not, or cannot be read. */
async function readNewerToken(
  queries: ExecutionQueries<Execution>,
  executionId: string,
  token: CallbackToken,
): Promise<CallbackToken | undefined> {
  try {
    const newer = await readToken(bounded(queries), executionId);
    return newer === undefined || equalBytes(newer, token) ? undefined : newer;
  } catch {
    // The caller waits for the heartbeats, and not for what this would add to them.
    return undefined;
  }
}

/** Once is no proof that the caller is gone: it may be between two attempts, and re-arm with the next. */
function countMissed(isMissed: boolean, maxMissed: number): "caller-gone" | undefined {
  const before: number = Context.current().info.heartbeatDetails?.missed ?? 0;
  const missed = isMissed ? before + 1 : 0;
  if (missed >= maxMissed) return "caller-gone";
  heartbeat({ missed });
  return undefined;
}
