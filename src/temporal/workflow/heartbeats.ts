import {
  CancellationScope,
  isCancellation,
  log,
  proxyActivities,
  rootCause,
  sleep,
  workflowInfo,
} from "@temporalio/workflow";
import { type CallbackToken, parseCallbackToken } from "../../token/index.js";
import { handshakeFields } from "../log/handshake-fields.js";
import type { SystemActivities } from "../runner/index.js";
import type { CallbackOptions } from "./with-callback.js";

export interface Heartbeats {
  /** The token that the activity is known to wait with. */
  token(): CallbackToken;
  /**
   * Stops the heartbeats, unless the caller wants to cancel: its activity is not retried then, so only
   * the report can tell it. In any other case, its next attempt finds the end of the execution as well.
   */
  bodyEnded(): void;
  stop(): void;
}

/**
 * Heartbeats the waiting activity until it is stopped, also when the workflow is cancelled: the
 * caller waits for the end of what the body does about that. Cancels the body when the caller wants
 * it to be, or is gone.
 */
export function startHeartbeats(
  executionId: string,
  given: CallbackToken,
  { heartbeatInterval = "10s", maxMissedHeartbeats: maxMissed, taskQueue }: CallbackOptions,
  body: CancellationScope,
): Heartbeats {
  const { HeartbeatExternalActivity } = proxyActivities<SystemActivities>({
    startToCloseTimeout: "10s",
    retry: { initialInterval: heartbeatInterval, backoffCoefficient: 1 },
    ...(taskQueue !== undefined && { taskQueue }),
  });
  let token = given;
  let isCancelling = false;
  const fields = () => handshakeFields(workflowInfo().attempt, executionId, token);

  async function beat(): Promise<void> {
    // The caller has just made one, and what ends before the next is spared an activity.
    await sleep(heartbeatInterval);
    for (;;) {
      const options = {
        ...(maxMissed !== undefined && { maxMissed }),
        isCancelling,
        runningSince: workflowInfo().startTime.getTime(),
      };
      const news = await HeartbeatExternalActivity(token, executionId, options);
      if (typeof news === "object") {
        token = parseCallbackToken(news.rearmed);
        continue;
      }
      log.info("cancelling the execution", { ...fields(), reason: news });
      body.cancel();
      if (news === "caller-gone") return;
      isCancelling = true;
    }
  }

  const scope = new CancellationScope({
    cancellable: true,
    parent: new CancellationScope({ cancellable: false }),
  });
  scope.run(beat).catch((error: unknown) => {
    if (isCancellation(error)) return;
    log.error("heartbeats of the waiting activity have ended", {
      ...fields(),
      cause: rootCause(error),
    });
  });
  const stop = () => scope.cancel();
  return {
    token: () => token,
    bodyEnded: () => {
      if (!isCancelling) stop();
    },
    stop,
  };
}
