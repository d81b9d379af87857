import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../buf.js";
import { folderOf } from "../histories/files.js";

/**
 * The released versions whose histories the workflow code in src/ does not replay: one finding each, at
 * the first of them.
 *
 * @param {string} released The version that was released last.
 * @returns {Promise<import("./steps.js").Finding[]>}
 */
export async function brokenHistories(released) {
  if (!existsSync(join(root, folderOf(released)))) {
    throw new Error(
      `expected the histories of the released version in ${folderOf(released)}/, found none; \`npm run release\` records them`,
    );
  }
  // Only here, for Temporal's worker takes a second to load.
  const { replayHistories } = await import("../histories/replay-histories.js");
  const broken = (await replayHistories()).filter(({ error }) => error !== undefined);
  const versions = [...new Set(broken.map(({ version }) => version))];
  return versions.map((version) => {
    const histories = broken.filter((it) => it.version === version);
    const [{ path, error } = { path: folderOf(version), error: "" }] = histories;
    // Without the part and the stage.
    const scenarios = new Set(histories.map(({ name }) => name.split(".")[0]));
    return {
      path,
      rule: "HISTORY_BROKEN",
      message: `Open executions of ${version} stall on upgrade: the workflow code goes on otherwise than in ${histories.length} histories (${[...scenarios].join(", ")}). The first: ${error}`,
    };
  });
}
