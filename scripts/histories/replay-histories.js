import { Worker } from "@temporalio/worker";
import { bundleWorkflows } from "./bundle-workflows.js";
import { listHistories, readHistory } from "./files.js";
import { quietRuntime } from "./quiet-runtime.js";

/** @typedef {import("./files.js").HistoryFile & { error: string | undefined }} Replay */

/**
 * Replays the histories of all versions with the workflow code as it is in src/.
 *
 * @returns {Promise<Replay[]>}
 */
export async function replayHistories() {
  quietRuntime();
  const workflowBundle = await bundleWorkflows();
  const files = listHistories();
  const histories = files.map(({ path }) => ({ workflowId: path, history: readHistory(path) }));
  const replays = Worker.runReplayHistories({ workflowBundle }, histories);
  /** @type {Replay[]} */
  const results = [];
  for (const file of files) {
    const { value } = await replays.next();
    results.push({ ...file, error: value?.error?.message });
  }
  await replays.return?.();
  return results;
}
