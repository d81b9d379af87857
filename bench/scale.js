import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ExecutionPhase } from "@stigmer/apis/workflowexecution/v1";
import { bundleWorkflowCode, DefaultLogger } from "@temporalio/worker";
import { workflowFixture } from "./fixtures/index.js";
import { groupsOf } from "./scale/groups.js";
import { measureScale } from "./scale/measure-scale.js";
import { subjects } from "./scale/subjects.js";
import * as timesOf from "./scale/times.js";
import { importServer } from "./temporal/import-server.js";

/** @import { Effort } from "./harness/effort.js" */
/** @import { Report } from "./harness/report.js" */
/** @import { AllMeasured } from "./scale/groups.js" */
/** @import { World } from "./scale/handshakes.js" */
/** @import { Measured } from "./scale/measure-scale.js" */
/** @import { SubjectName } from "./scale/subjects.js" */

const payloadConverterPath = fileURLToPath(
  import.meta.resolve("@stigmer/apis/temporal/payload-converter"),
);

/**
 * Many handshakes that are open at once, and the same wait built in other ways.
 *
 * @param {Effort} effort
 * @returns {Promise<Report>}
 */
export async function bench({ quick, open }) {
  const title = `scale: ${open} handshakes open at once`;
  const { startTemporalServer } = await importServer();
  let server;
  try {
    server = await startTemporalServer();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { title, checked: [], skipped: reason, groups: [] };
  }
  const folder = await mkdtemp(join(tmpdir(), "stigmer-bench-"));
  try {
    const codePath = join(folder, "workflows.js");
    await writeFile(codePath, await bundleWorkflows());
    const times = quick ? timesOf.quick : timesOf.full;
    const { address } = server;
    const execution = finished();
    const processes = quick ? 1 : 2;
    /** @type {World} */
    const world = { address, codePath, payloadConverterPath, execution, open, processes, times };
    const measured = await measureAll((name) => measureScale(name, world), quick);
    const checked = [
      "all were open at once, and were not stopped by a kill of all workers",
      "each caller's workflow returns the status that its runner has ended with",
    ];
    return { title, checked, groups: groupsOf(measured, open, times) };
  } finally {
    await rm(folder, { recursive: true, force: true });
    await server.stop();
  }
}

/**
 * One after the other; all together when it is not to be measured how long they take.
 *
 * @param {(name: SubjectName) => Promise<Measured>} measure
 * @param {boolean} isTogether
 * @returns {Promise<AllMeasured>}
 */
async function measureAll(measure, isTogether) {
  const names = /** @type {SubjectName[]} */ (Object.keys(subjects));
  /** @type {Partial<AllMeasured>} */
  const measured = {};
  /** @param {SubjectName} name */
  const measureOne = async (name) => {
    measured[name] = await measure(name);
  };
  if (isTogether) await Promise.all(names.map(measureOne));
  else for (const name of names) await measureOne(name);
  return /** @type {AllMeasured} */ (measured);
}

async function bundleWorkflows() {
  const { code } = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL("scale/workflows.js", import.meta.url)),
    payloadConverterPath,
    logger: new DefaultLogger("WARN"),
  });
  return code;
}

/** An execution with the status that its runner ends with. */
function finished() {
  const { message } = workflowFixture("4 KB");
  if (message.status) message.status.phase = ExecutionPhase.EXECUTION_COMPLETED;
  return message;
}
