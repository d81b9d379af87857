import { fileURLToPath } from "node:url";
import { Client, Connection } from "@temporalio/client";
import { NativeConnection, Worker } from "@temporalio/worker";
import { bundleWorkflows } from "./bundle-workflows.js";
import { createHandshakes } from "./handshakes.js";
import { quietRuntime } from "./quiet-runtime.js";
import { recordScenario } from "./record-scenario.js";
import { scenarios } from "./scenarios.js";

const taskQueue = "histories";
// In place of the process and the machine.
const identity = "recorder";
const tries = 3;

/**
 * Runs all scenarios on a Temporal server, at once.
 *
 * @param {string} address
 * @returns {Promise<Map<string, object>>} histories by their names
 */
export async function recordHistories(address) {
  quietRuntime();
  const workflowBundle = await bundleWorkflows();
  const native = await NativeConnection.connect({ address });
  const connection = await Connection.connect({ address });
  const converter = import.meta.resolve("@stigmer/apis/temporal/payload-converter");
  const dataConverter = { payloadConverterPath: fileURLToPath(converter) };
  const client = new Client({ connection, dataConverter, identity });
  const handshakes = createHandshakes(client, taskQueue);

  /** @type {(scenario: string, attempt?: number) => Promise<Map<string, object>>} */
  async function record(scenario, attempt = 1) {
    handshakes.forget(scenario);
    try {
      return await recordScenario(client, handshakes, scenario, `${scenario}-${attempt}`);
    } catch (error) {
      // A server on a busy machine loses tasks, which come again after timeouts that are hours here.
      if (attempt < tries) return record(scenario, attempt + 1);
      throw error;
    }
  }

  try {
    const worker = await Worker.create({
      ...{ connection: native, taskQueue, identity, workflowBundle, dataConverter },
      activities: handshakes.activities,
    });
    const results = await worker.runUntil(
      Promise.allSettled(Object.keys(scenarios).map((scenario) => record(scenario))),
    );
    const errors = results.flatMap((it) => (it.status === "rejected" ? [String(it.reason)] : []));
    if (errors.length > 0) throw new Error(errors.join("\n"));
    return new Map(results.flatMap((it) => (it.status === "fulfilled" ? [...it.value] : [])));
  } finally {
    await connection.close();
    await native.close();
  }
}
