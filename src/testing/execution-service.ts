import type { DescService } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";
import {
  type AgentExecution,
  AgentExecutionCommandController,
  AgentExecutionQueryController,
} from "../agentexecution/v1.js";
import { copyOf } from "../execution/copy-of.js";
import type { Execution } from "../execution/execution.js";
import { type ActivityCompleter, isTerminal, reportOutcome } from "../handshake/index.js";
import {
  ExecutionPhase,
  type WorkflowExecution,
  WorkflowExecutionCommandController,
  WorkflowExecutionQueryController,
} from "../workflowexecution/v1.js";
import { WorkflowRunnerServiceController } from "../workflowrunner/v1.js";
import { createExecutionStore, type ExecutionStore, type StatusOf } from "./execution-store.js";
import { validated } from "./validated.js";
import { createWorkflowRuns, type EndExecution, type RunWorkflow } from "./workflow-runs.js";

/** What runs executions, and who is told of those that the service ends. */
export interface ExecutionServiceOptions {
  /** What `executeAsync` runs. Without it, the rpcs of the runner are UNIMPLEMENTED. */
  run?: RunWorkflow;

  /**
   * Told when the service itself ends an execution: one that is cancelled by force or before it runs,
   * deleted before it has ended, or left unfinished by `run`. Without it, the activity that waits for
   * such an execution is not told.
   */
  completer?: ActivityCompleter;
}

/**
 * What is needed of a `ConnectRouter`. Connect declares that type twice, for ES modules and for
 * CommonJS, and neither can be assigned to the other.
 */
interface Router {
  service(service: DescService, implementation: never): unknown;
}

/** An execution service in memory. */
export interface ExecutionService {
  /** Serves the five services of the contract: for `createRouterTransport` or a real server. */
  routes(router: Router): void;

  /**
   * Cancels what `executeAsync` has started and waits until it has ended. Rejects with an
   * `AggregateError` of the outcomes that could not be reported.
   */
  stop(): Promise<void>;
}

/**
 * The five services of the contract in memory, for tests and examples: nothing is stored, nobody is
 * authorized, and old executions are never dropped. Not for production.
 *
 * Responses carry tokens and secrets. Give the server, or the `router` of `createRouterTransport`,
 * the interceptor `callbackTokenGuard` to show them to runners only.
 *
 * The callback token and secret values are write-only: an update in which they are empty, sent by
 * somebody who could not read them, keeps the stored ones. No update takes a token away.
 *
 * Requests are checked as `validateExecution` does: INVALID_ARGUMENT lists violations in its message
 * and carries them as a `google.rpc.BadRequest` detail. If there are more than fit into the
 * metadata that gRPC clients take, both have the first ones and say how many more there are; the detail
 * does so in a last entry with no field and the reason `omitted`.
 */
export function createExecutionService(options: ExecutionServiceOptions = {}): ExecutionService {
  const workflows = createExecutionStore<WorkflowExecution>("WorkflowExecution");
  const agents = createExecutionStore<AgentExecution>("AgentExecution");
  const endWorkflow = endIn(workflows, options.completer);
  const endAgent = endIn(agents, options.completer);
  const runs = options.run && createWorkflowRuns(workflows, options.run, endWorkflow);

  return {
    routes(router) {
      const serve = <S extends DescService>(
        service: S,
        handlers: Partial<ServiceImpl<S>>,
        restore?: (request: never) => void,
      ) => router.service(service, validated(handlers, restore) as never);

      serve(
        WorkflowExecutionCommandController,
        {
          create: (request) => workflows.create(request),
          update: (request) => workflows.update(request),
          updateStatus: ({ executionId, status }) => workflows.updateStatus(executionId, status),
          delete: async ({ value }) => {
            await endWorkflow(value, ExecutionPhase.EXECUTION_CANCELLED, "deleted");
            runs?.abort(value);
            return workflows.remove(value);
          },
        },
        workflows.restoreSecrets,
      );
      serve(WorkflowExecutionQueryController, {
        get: ({ value }) => workflows.get(value),
        list: (request) => workflows.list(request, hasPhaseAndTags(request)),
        listByWorkflow: (request) =>
          workflows.list(request, ({ spec }) => spec?.workflowId === request.workflowId),
        subscribe: ({ executionId }, { signal }) => workflows.subscribe(executionId, signal),
      });
      serve(
        WorkflowRunnerServiceController,
        runs === undefined
          ? {}
          : {
              executeAsync: (input) => {
                runs.start(input);
                return {
                  workflowExecutionId: input.workflowExecutionId,
                  status: "accepted",
                  message: "The execution has been started.",
                };
              },
              cancelExecution: async (request) => {
                await runs.cancel(request);
                return {};
              },
              pauseExecution: ({ executionId }) => {
                runs.pause(executionId);
                return {};
              },
              resumeExecution: ({ executionId }) => {
                runs.resume(executionId);
                return {};
              },
            },
      );
      serve(
        AgentExecutionCommandController,
        {
          create: (request) => agents.create(request),
          update: (request) => agents.update(request),
          updateStatus: ({ executionId, status }) => agents.updateStatus(executionId, status),
          delete: async ({ value }) => {
            await endAgent(value, ExecutionPhase.EXECUTION_CANCELLED, "deleted");
            return agents.remove(value);
          },
        },
        agents.restoreSecrets,
      );
      serve(AgentExecutionQueryController, {
        get: ({ value }) => agents.get(value),
        list: (request) => agents.list(request, hasPhaseAndTags(request)),
        listBySession: (request) =>
          agents.list(request, ({ spec }) => spec?.sessionId === request.sessionId),
        subscribe: ({ value }, { signal }) => agents.subscribe(value, signal),
      });
    },

    stop: async () => runs?.stop(),
  };
}

function hasPhaseAndTags(filter: { phase: number; tags: string[] }) {
  return ({ metadata, status }: Execution): boolean =>
    (filter.phase === 0 || filter.phase === status?.phase) &&
    filter.tags.every((tag) => metadata?.tags.includes(tag));
}

/** Ends executions of one kind in the name of the service. */
function endIn<E extends Execution>(
  store: ExecutionStore<E>,
  completer: ActivityCompleter | undefined,
): EndExecution {
  // Ended here, but the engine could not be told yet; a later call tries again.
  const unreported = new Set<string>();
  const report = async (ended: E, id: string) => {
    if (completer === undefined) return;
    unreported.add(id);
    await reportOutcome(ended, completer, { get: async ({ value }) => store.get(value) });
    unreported.delete(id);
  };
  return async (id, phase, error) => {
    const current = store.find(id);
    if (current === undefined) return;
    if (isTerminal(current)) {
      if (unreported.has(id)) await report(current, id);
      return;
    }
    const status = copyOf(current).status as StatusOf<E>;
    status.phase = phase;
    status.error = error;
    status.completedAt = new Date().toISOString();
    await report(store.updateStatus(id, status), id);
  };
}
