import { createExecutionService } from "@stigmer/apis/testing";
import { serveHttp1 } from "../harness/serve.js";

/** @import { Interceptor } from "@connectrpc/connect" */
/** @import { UpdateWorkflowExecutionStatusRequest, WorkflowExecution } from "@stigmer/apis/workflowexecution/v1" */

/**
 * @typedef {object} CountedService
 * @property {string} baseUrl
 * @property {() => Map<string, number>} calls so far, by method
 * @property {() => ReadonlySet<string>} running the ids of executions whose runner has published something
 * @property {() => void} stop
 */

/**
 * @param {((execution: WorkflowExecution) => Promise<void>) | undefined} startRunner
 * @returns {Promise<CountedService>}
 */
export async function startExecutionService(startRunner) {
  /** @type {Map<string, number>} */
  const calls = new Map();
  /** @type {Set<string>} */
  const running = new Set();
  /** @type {Interceptor} */
  const counting = (next) => async (call) => {
    const { name } = call.method;
    calls.set(name, (calls.get(name) ?? 0) + 1);
    const response = await next(call);
    if (name === "create") {
      await startRunner?.(/** @type {WorkflowExecution} */ (response.message));
    }
    if (name === "updateStatus" && !call.stream) {
      const { executionId } = /** @type {UpdateWorkflowExecutionStatusRequest} */ (call.message);
      running.add(executionId);
    }
    return response;
  };
  const { baseUrl, stop } = await serveHttp1({
    routes: createExecutionService().routes,
    interceptors: [counting],
  });
  return { baseUrl, calls: () => new Map(calls), running: () => running, stop };
}
