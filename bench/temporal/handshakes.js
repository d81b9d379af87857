import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { clone } from "@bufbuild/protobuf";
import { createExecutionService } from "@stigmer/apis/testing";
import { WorkflowExecutionSchema } from "@stigmer/apis/workflowexecution/v1";
import { Client, Connection } from "@temporalio/client";
import { bundleWorkflowCode, DefaultLogger } from "@temporalio/worker";
import { serveHttp1 } from "../harness/serve.js";

/** @import { ChildProcess } from "node:child_process" */
/** @import { Interceptor } from "@connectrpc/connect" */
/** @import { WorkflowExecution, WorkflowExecutionStatus } from "@stigmer/apis/workflowexecution/v1" */
/** @import { WorkerConfig } from "./worker.js" */

const payloadConverterPath = fileURLToPath(
  import.meta.resolve("@stigmer/apis/temporal/payload-converter"),
);

/**
 * Who makes a handshake.
 *
 * @typedef {object} Subject
 * @property {WorkerConfig["activities"]} activities
 * @property {"runner" | "publishingRunner" | "runnerWithCallback" | "heartbeatingRunner"} runner
 */

/**
 * @typedef {object} Handshakes
 * @property {Record<string, () => Promise<WorkflowExecutionStatus>>} make one handshake of a subject
 * @property {() => Map<string, number>} calls of the execution service so far, by method
 * @property {() => Promise<void>} stop
 */

/**
 * Workers for each subject, and one execution service for all, which starts their runners.
 *
 * @param {string} address of the Temporal server
 * @param {Record<string, Subject>} subjects
 * @param {WorkflowExecution} execution what is asked for, and the status that it ends with
 * @param {{ callerAddress?: string, runnerAddress?: string }} addresses by which workers reach it
 * @returns {Promise<Handshakes>}
 */
export async function startHandshakes(
  address,
  subjects,
  execution,
  { callerAddress = address, runnerAddress = address } = {},
) {
  const folder = await mkdtemp(join(tmpdir(), "stigmer-bench-"));
  const codePath = join(folder, "workflows.js");
  const { code } = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL("workflows.js", import.meta.url)),
    payloadConverterPath,
    logger: new DefaultLogger("WARN"),
  });
  await writeFile(codePath, code);
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, dataConverter: { payloadConverterPath } });
  const run = randomUUID();
  /** @type {Map<string, number>} */
  const calls = new Map();

  /** @type {Interceptor} */
  const startingRunners = (next) => async (call) => {
    calls.set(call.method.name, (calls.get(call.method.name) ?? 0) + 1);
    const response = await next(call);
    if (call.method.name === "create") {
      const { metadata, spec } = /** @type {WorkflowExecution} */ (response.message);
      const name = metadata?.labels.subject ?? "";
      await client.workflow.start(subjects[name]?.runner ?? "", {
        taskQueue: `runner-${name}-${run}`,
        workflowId: metadata?.id ?? "",
        args: [metadata?.id, spec?.callbackToken, execution.status],
      });
    }
    return response;
  };
  const service = await serveHttp1({
    routes: createExecutionService().routes,
    interceptors: [startingRunners],
  });
  /** @type {ChildProcess[]} */
  const workers = [];
  for (const [name, { activities }] of Object.entries(subjects)) {
    /** @type {WorkerConfig} */
    const config = {
      activities,
      callerAddress,
      runnerAddress,
      serviceUrl: service.baseUrl,
      callerQueue: `caller-${name}-${run}`,
      runnerQueue: `runner-${name}-${run}`,
      codePath,
      payloadConverterPath,
    };
    const worker = fork(new URL("worker.js", import.meta.url), [JSON.stringify(config)]);
    workers.push(worker);
    await once(worker, "message");
  }

  /** @param {string} name */
  function make(name) {
    const request = clone(WorkflowExecutionSchema, execution);
    delete request.status;
    if (request.metadata) Object.assign(request.metadata, { id: "", labels: { subject: name } });
    return client.workflow.execute("caller", {
      taskQueue: `caller-${name}-${run}`,
      workflowId: `caller-${randomUUID()}`,
      args: [request],
    });
  }

  return {
    calls: () => new Map(calls),
    make: Object.fromEntries(Object.keys(subjects).map((name) => [name, () => make(name)])),
    async stop() {
      for (const worker of workers) {
        const exit = once(worker, "exit");
        worker.kill("SIGKILL");
        await exit;
      }
      service.stop();
      await connection.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
