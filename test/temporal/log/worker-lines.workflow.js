import { CancellationScope, proxyActivities, sleep } from "@temporalio/workflow";

/**
 * Calls one activity and ends as that does. With `cancelAfter`, asks for its cancellation.
 *
 * @param {string} name
 * @param {import("@temporalio/workflow").ActivityOptions & { cancelAfter?: string }} options
 * @param {unknown[]} args
 */
export async function callingOne(name, { cancelAfter, ...options }, ...args) {
  const activities = proxyActivities({
    startToCloseTimeout: "1m",
    retry: { initialInterval: "100ms", maximumAttempts: 2 },
    cancellationType: "WAIT_CANCELLATION_COMPLETED",
    ...options,
  });
  const scope = new CancellationScope();
  const called = scope.run(async () => activities[name]?.(...args));
  if (cancelAfter) await sleep(/** @type {import("@temporalio/common").Duration} */ (cancelAfter));
  if (cancelAfter) scope.cancel();
  return called;
}
