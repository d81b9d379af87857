// Lets a caller's log tell what the attempts of its activities do.

import type { Interceptor } from "@connectrpc/connect";
import { describeCallbackToken, type Execution, getCallbackToken } from "@stigmer/apis";
import { activityInfo, CompleteAsyncError, log } from "@temporalio/activity";
import type { ActivityInterceptorsFactory } from "@temporalio/worker";

/** A Connect interceptor that logs each execution that an attempt creates or re-arms. */
export const logAttempts: Interceptor = (next) => async (call) => {
  const { name } = call.method;
  if (!call.stream && (name === "create" || name === "update")) {
    const execution = call.message as Execution;
    const verb = name === "create" ? "creates" : "re-arms";
    const token = getCallbackToken(execution);
    log.info(`attempt ${activityInfo().attempt} ${verb} ${execution.metadata?.id}`, {
      callbackToken: token && describeCallbackToken(token),
    });
  }
  return next(call);
};

/** An activity interceptor that logs when an attempt goes pending. */
export const logPending: ActivityInterceptorsFactory = () => ({
  inbound: {
    async execute(input, next) {
      try {
        return await next(input);
      } catch (error) {
        if (error instanceof CompleteAsyncError) log.info("went pending; no worker is held");
        throw error;
      }
    },
  },
});
