import { asyncLocalStorage, Context, heartbeat } from "@temporalio/activity";
import { ApplicationFailure, ApplicationFailureCategory } from "@temporalio/common";
import { equalBytes } from "../../equal-bytes.js";
import type { Execution } from "../../execution/execution.js";
import { kindOfId } from "../../execution/kinds.js";
import type {
  ActivityCompleter,
  ExecutionQueries,
  HeartbeatAnswer,
} from "../../handshake/index.js";
import { readToken } from "../../handshake/read-token.js";
import { type CallbackToken, formatCallbackToken } from "../../token/index.js";
import { handshakeFields } from "../log/handshake-fields.js";
import { recordAge } from "../record-age.js";
import { temporalMeter } from "../temporal-meter.js";
import { bounded } from "./bounded.js";
import { countHeartbeat } from "./count-heartbeat.js";
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
  /**
   * When the run of the execution has started, in milliseconds since 1970, for the age of the handshake.
   * Without it, when these heartbeats have.
   */
  readonly runningSince?: number;
}

/** What has come of a heartbeat, and under which newer token, if that was needed. */
export interface Beat {
  readonly answer: HeartbeatAnswer;
  readonly rearmed?: CallbackToken;
}

/** One heartbeat; see `SystemActivities.HeartbeatExternalActivity`. */
export function heartbeating(
  completer: ActivityCompleter,
  queriesOf: QueriesOf,
): SystemActivities["HeartbeatExternalActivity"] {
  async function beat(token: CallbackToken, executionId: string): Promise<Beat> {
    const answer = await completer.heartbeat(token, { executionId });
    // A worker of another language may have given no id.
    if (answer !== "not-found" || !executionId) return { answer };
    const newer = await readNewerToken(queriesOf(executionId), executionId, token);
    if (newer === undefined) return { answer };
    const answerToNewer = await completer.heartbeat(newer, { executionId });
    return answerToNewer === "not-found" ? { answer } : { answer: answerToNewer, rearmed: newer };
  }

  return async (bytes, executionId, { maxMissed, isCancelling = false, runningSince } = {}) => {
    const context = asyncLocalStorage.getStore();
    const fieldsOf = (token: CallbackToken) =>
      handshakeFields(context?.info.attempt, executionId, token);
    const meter = context && temporalMeter(context.metricMeter);
    const { answer, rearmed } = await refusing(() =>
      countHeartbeat(meter, executionId, async () => beat(tokenOf(bytes), executionId)),
    );
    if (context && answer !== "not-found") {
      const since = runningSince ?? context.info.scheduledTimestampMs;
      recordAge(meter, kindOfId(executionId ?? ""), since);
    }
    if (rearmed !== undefined) {
      context?.log.info("found a newer callback token", fieldsOf(rearmed));
      return { rearmed: formatCallbackToken(rearmed) };
    }
    // Each heartbeat would say so until the caller is back.
    if (answer === "not-found") {
      context?.log.debug("no activity waits for this heartbeat", fieldsOf(tokenOf(bytes)));
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
