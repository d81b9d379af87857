import { createRouterTransport } from "@connectrpc/connect";
import { callbackToken, formatCallbackToken, getCallbackToken } from "@stigmer/apis";
import {
  createExecutionActivities,
  createSystemActivities,
  temporalCompleter,
} from "@stigmer/apis/temporal";
import { createExecutionService } from "@stigmer/apis/testing";
import { WorkflowExecutionAlreadyStartedError } from "@temporalio/client";
import { ApplicationFailure } from "@temporalio/common";
import { clientsOver } from "../../test/temporal/world/clients-over.js";
import { createRunnerActivities } from "./runner-activities.js";
import { scenarios } from "./scenarios.js";
import { until } from "./until.js";

/** @import { Interceptor } from "@connectrpc/connect" */
/** @import { CallbackToken, Execution } from "@stigmer/apis" */
/** @import { Client } from "@temporalio/client" */
/** @import { Plan } from "./workflows.js" */

/** @typedef {ReturnType<typeof createHandshakes>} Handshakes */

/**
 * An execution that a scenario has started. Its runner's workflow has the same id.
 *
 * @typedef {object} Run
 * @property {string} executionId
 * @property {CallbackToken | undefined} token
 */

/**
 * What the handshakes of the scenarios need beside a worker: an execution service in memory that starts a
 * runner's workflow for each execution, and the activities of callers and runners.
 *
 * @param {Client} client
 * @param {string} taskQueue
 */
export function createHandshakes(client, taskQueue) {
  /** @type {Map<string, Run[]>} */
  const runs = new Map();
  /** @type {Set<unknown>} */
  const held = new Set();

  /** @param {Execution} execution */
  async function dispatch({ metadata, spec, ...others }) {
    const executionId = metadata?.id ?? "";
    const text = spec && ("message" in spec ? spec.message : spec.triggerMessage);
    const plan = /** @type {Plan} */ (JSON.parse(text || "{}"));
    const { isMisdirected, holdsReports } = scenarios[plan.scenario] ?? {};
    const token = getCallbackToken(/** @type {Execution} */ ({ metadata, spec, ...others }));
    if (holdsReports) held.add(executionId);
    const given = isMisdirected ? callbackToken(new Uint8Array(8)) : token;
    const args = [executionId, given && formatCallbackToken(given), plan];
    // Not again by the next attempt of the caller, which finds the execution.
    await until(`${plan.scenario}: a run is started`, () =>
      client.workflow.start("run", { taskQueue, workflowId: executionId, args }).then(
        () => true,
        (error) => error instanceof WorkflowExecutionAlreadyStartedError,
      ),
    );
    runs.set(plan.scenario, [...(runs.get(plan.scenario) ?? []), { executionId, token }]);
  }

  /** @type {Interceptor} */
  const dispatching = (next) => async (call) => {
    const response = await next(call);
    if (call.method.name === "create" && !response.stream) {
      await dispatch(/** @type {Execution} */ (response.message));
    }
    return response;
  };
  const executions = clientsOver(
    createRouterTransport(createExecutionService().routes, {
      transport: { interceptors: [dispatching] },
    }),
  );

  const system = createSystemActivities({ completer: temporalCompleter(client), executions });
  /** @type {<A extends unknown[], R>(report: (...args: A) => Promise<R>) => (...args: A) => Promise<R>} */
  const unlessHeld =
    (report) =>
    async (...args) => {
      if (held.has(args[2])) {
        throw ApplicationFailure.create({ message: "the caller's server is away" });
      }
      return report(...args);
    };

  return {
    taskQueue,
    activities: {
      ...createExecutionActivities(executions),
      ...system,
      CompleteExternalActivity: unlessHeld(system.CompleteExternalActivity),
      FailExternalActivity: unlessHeld(system.FailExternalActivity),
      CancelExternalActivity: unlessHeld(system.CancelExternalActivity),
      ...createRunnerActivities(executions),
    },
    /** What a scenario has started, in order. @param {string} scenario */
    runsOf: (scenario) => runs.get(scenario) ?? [],
    /** @param {string} scenario */
    forget: (scenario) => void runs.delete(scenario),
    /** Lets the reports of a scenario through. @param {string} scenario */
    release: (scenario) => {
      for (const { executionId } of runs.get(scenario) ?? []) held.delete(executionId);
    },
  };
}
