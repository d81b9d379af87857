import { proxyActivities } from "@temporalio/workflow";

/**
 * Waits for one activity and ends as that does.
 *
 * @param {string} key
 * @param {import("@temporalio/workflow").ActivityOptions} [options]
 */
export async function waiting(key, options) {
  const { wait } = proxyActivities({
    startToCloseTimeout: "1m",
    retry: { initialInterval: "100ms", maximumInterval: "100ms" },
    ...options,
  });
  return wait?.(key);
}
