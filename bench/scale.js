import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ExecutionPhase } from "@stigmer/apis/workflowexecution/v1";
import { bundleWorkflowCode, DefaultLogger } from "@temporalio/worker";
import { workflowFixture } from "./fixtures/index.js";
import { measureScale } from "./scale/measure.js";
import { subjects } from "./scale/subjects.js";
import * as times from "./scale/times.js";
import { importServer } from "./temporal/import-server.js";

/** @import { Effort } from "./harness/effort.js" */
/** @import { Report } from "./harness/report.js" */
/** @import { Measured } from "./scale/measure.js" */
/** @import { SubjectName } from "./scale/subjects.js" */

const payloadConverterPath = fileURLToPath(
  import.meta.resolve("@stigmer/apis/temporal/payload-converter"),
);

/**
 * Many handshakes that are open at once, beside other ways to wait.
 *
 * @param {Effort} effort
 * @returns {Promise<Report>}
 */
export async function bench({ quick, open }) {
  const title = `scale: ${open} open at once`;
  const { startTemporalServer } = await importServer();
  const server = await startTemporalServer();
  const folder = await mkdtemp(join(tmpdir(), "stigmer-scale-"));
  try {
    const codePath = join(folder, "workflows.js");
    const { code } = await bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL("scale/workflows.js", import.meta.url)),
      payloadConverterPath,
      logger: new DefaultLogger("WARN"),
    });
    await writeFile(codePath, code);
    const execution = workflowFixture("4 KB").message;
    if (execution.status) execution.status.phase = ExecutionPhase.EXECUTION_COMPLETED;
    /** @type {Map<SubjectName, Measured>} */
    const measured = new Map();
    for (const name of /** @type {SubjectName[]} */ (Object.keys(subjects))) {
      if (process.env.ONLY && process.env.ONLY !== name) continue;
      const t = performance.now();
      const result = await measureScale(name, {
        address: server.address,
        codePath,
        payloadConverterPath,
        execution,
        open,
        processes: quick ? 1 : 2,
        times: quick ? times.quick : times.full,
      });
      measured.set(name, result);
      console.error(name, performance.now() - t, result);
    }
    return { title, checked: [], groups: [] };
  } finally {
    await rm(folder, { recursive: true, force: true });
    await server.stop();
  }
}
