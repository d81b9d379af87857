import { kindOfId } from "../../execution/kinds.js";
import { count } from "../../handshake/count.js";
import { errorResult } from "../../handshake/error-result.js";
import type { HeartbeatAnswer, Meter } from "../../handshake/index.js";
import { type Counters, kindLabel } from "../../handshake/instruments.js";
import type { Beat } from "./heartbeating.js";

const labels = {
  recorded: "recorded",
  "cancel-requested": "cancel_requested",
  "not-found": "not_found",
} as const satisfies Record<HeartbeatAnswer, string>;

/** Counts a heartbeat by its answer. */
export async function countHeartbeat(
  meter: Meter,
  executionId: string,
  attempt: () => Promise<Beat>,
): Promise<Beat> {
  let answer: Counters["stigmer_heartbeats"]["answer"] = "other";
  try {
    const beat = await attempt();
    answer = beat.rearmed === undefined ? labels[beat.answer] : "rearmed";
    return beat;
  } catch (error) {
    answer = errorResult(error);
    throw error;
  } finally {
    // A worker of another language may have given none.
    const execution_kind = kindLabel(kindOfId(executionId ?? ""));
    count(meter, "stigmer_heartbeats", { execution_kind, answer });
  }
}
