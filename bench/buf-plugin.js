import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buf, root } from "../scripts/buf.js";
import { measureCalls } from "./harness/measure.js";
import { timeOf, timeRow } from "./harness/times.js";

/** @import { Effort } from "./harness/effort.js" */
/** @import { Report } from "./harness/report.js" */

/**
 * What the plugin costs: `buf lint` with it, without it, and a bare start of Node. Buf starts a plugin
 * nine times a command.
 *
 * @param {Effort} effort
 * @returns {Promise<Report>}
 */
export async function bench({ processes }) {
  const folder = mkdtempSync(join(tmpdir(), "stigmer-bench-"));
  try {
    const config = readFileSync(join(root, "buf.yaml"), "utf8");
    const bare = join(folder, "buf.yaml");
    writeFileSync(
      bare,
      config.replace(/^plugins:\n {2}- .*\n/m, "").replaceAll("    - STIGMER\n", ""),
    );
    const times = await measureCalls(
      {
        with: () => lint(),
        without: () => lint("--config", bare),
        start: () => spawnSync(process.execPath, ["-e", "0"]),
      },
      processes,
    );
    const base = "start";
    const added = timeOf(times, "with") - timeOf(times, "without");
    return {
      title: "buf-plugin: what it adds to buf lint",
      checked: ["buf lint finds nothing, with it and without it"],
      groups: [
        {
          name: "buf lint",
          ratio: "time / a start of Node",
          rows: [
            timeRow(times, base, { name: "node -e 0" }),
            timeRow(times, "without", { name: "without the plugin", base }),
            timeRow(times, "with", { name: "with the plugin", base }),
            {
              name: "added",
              value: added,
              unit: "ns",
              ratio: added / timeOf(times, base),
              goal: { atMost: 2 },
            },
          ],
        },
      ],
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param {...string} args */
function lint(...args) {
  const { status, stderr } = buf("lint", ...args);
  if (status !== 0) throw new Error(`buf lint is not clean:\n${stderr}`);
}
