import { createExecutionService } from "@stigmer/apis/testing";
import { serveHttp1 } from "../harness/serve.js";

/** @import { Interceptor } from "@connectrpc/connect" */
/** @import { WorkflowExecution } from "@stigmer/apis/workflowexecution/v1" */

/**
 * @typedef {object} CountedService
 * @property {string} baseUrl
 * @property {() => ReadonlyMap<string, number>} calls so far, by method
 * @property {() => number} running how many executions have got a status from their runner
 * @property {() => void} stop
 */

/**
 * @param {(execution: WorkflowExecution) => Promise<void>} created told of each execution
 * @returns {Promise<CountedService>}
 */
export async function startExecutionService(created) {
  /** @type {Map<string, number>} */
  const calls = new Map();
  /** @type {Set<string>} */
  const running = new Set();

  /** @type {Interceptor} */
  const counting = (next) => async (call) => {
    const { name } = call.method;
    calls.set(name, (calls.get(name) ?? 0) + 1);
    const response = await next(call);
    const execution = /** @type {WorkflowExecution} */ (response.message);
    if (name === "create") await created(execution);
    if (name === "updateStatus") running.add(execution.metadata?.id ?? "");
    return response;
  };
  const { baseUrl, stop } = await serveHttp1({
    routes: createExecutionService().routes,
    interceptors: [counting],
  });
  return { baseUrl, calls: () => new Map(calls), running: () => running.size, stop };
}
