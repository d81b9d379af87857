import { Code, ConnectError } from "@connectrpc/connect";
import { isTerminal } from "../handshake/index.js";
import { textOf } from "../text-of.js";
import { ExecutionPhase, type WorkflowExecution } from "../workflowexecution/v1.js";
import type { CancelExecutionRequest, WorkflowExecuteInput } from "../workflowrunner/v1.js";
import { type ExecutionStore, shownId } from "./execution-store.js";
import { untilAborted } from "./until-aborted.js";

/** What a running workflow execution is told from outside. */
export interface RunControl {
  /** Aborted by `cancelExecution`. */
  readonly signal: AbortSignal;

  /** Waits while the execution is paused. Rejects with the signal's reason when it is cancelled. */
  untilResumed(): Promise<void>;
}

/**
 * Runs one workflow execution as a real runner does: reads it, publishes its status until a
 * terminal one, and reports the outcome. An execution that has not ended when it returns or throws
 * is failed by the service, or cancelled when that was asked for.
 */
export type RunWorkflow = (input: WorkflowExecuteInput, control: RunControl) => Promise<void>;

/**
 * Ends an execution in the name of the service: publishes the phase and reports to the waiting
 * activity. When it has ended already, only a report that could not be made is made again.
 */
export type EndExecution = (
  id: string,
  phase: ExecutionPhase.EXECUTION_FAILED | ExecutionPhase.EXECUTION_CANCELLED,
  error: string,
) => Promise<void>;

/** The workflow executions that run now. */
export interface WorkflowRuns {
  start(input: WorkflowExecuteInput): void;
  cancel(request: CancelExecutionRequest): Promise<void>;
  pause(id: string): void;
  resume(id: string): void;
  /** Tells the run of a deleted execution to end. */
  abort(id: string): void;
  /** Cancels every run, waits until all have ended, and throws what went wrong in any of them. */
  stop(): Promise<void>;
}

interface Run {
  readonly abort: AbortController;
  pause: Pause | undefined;
}

interface Pause {
  readonly resumed: Promise<void>;
  readonly resume: () => void;
}

export function createWorkflowRuns(
  store: ExecutionStore<WorkflowExecution>,
  run: RunWorkflow,
  end: EndExecution,
): WorkflowRuns {
  const runs = new Map<string, Run>();
  const endings = new Set<Promise<void>>();
  const failures: unknown[] = [];

  function runningOf(id: string): Run {
    store.get(id);
    const running = runs.get(id);
    if (running === undefined) throw refusal(id, "is not running");
    return running;
  }

  async function supervise(running: Run, input: WorkflowExecuteInput): Promise<void> {
    const id = input.workflowExecutionId;
    const { signal } = running.abort;
    let problem = "the run returned before its execution had ended";
    try {
      await run(input, { signal, untilResumed: () => untilResumed(running) });
    } catch (error) {
      problem = `the run failed: ${textOf(error)}`;
    }
    // The execution has been deleted; another one may have its id by now.
    if (runs.get(id) !== running) return;
    if (signal.aborted) {
      await end(id, ExecutionPhase.EXECUTION_CANCELLED, textOf(signal.reason));
    } else {
      await end(id, ExecutionPhase.EXECUTION_FAILED, problem);
    }
  }

  return {
    start(input) {
      const id = input.workflowExecutionId;
      const phase = store.get(id).status?.phase;
      if (runs.has(id)) throw refusal(id, "runs already");
      if (phase !== ExecutionPhase.EXECUTION_PENDING) {
        throw refusal(id, `is not pending but ${ExecutionPhase[phase ?? 0]}`);
      }
      const running: Run = { abort: new AbortController(), pause: undefined };
      runs.set(id, running);
      // Started in a later turn, so that the receipt does not wait for what the run does first.
      const ending = Promise.resolve()
        .then(() => supervise(running, input))
        .catch((error: unknown) => void failures.push(error))
        .finally(() => {
          endings.delete(ending);
          if (runs.get(id) === running) runs.delete(id);
        });
      endings.add(ending);
    },

    async cancel({ executionId: id, reason, force }) {
      const execution = store.get(id);
      const error = new Error(reason || "cancelled");
      if (execution.status?.phase === ExecutionPhase.EXECUTION_CANCELLED) {
        return end(id, ExecutionPhase.EXECUTION_CANCELLED, error.message);
      }
      if (isTerminal(execution)) throw refusal(id, "has ended");
      const running = runs.get(id);
      running?.abort.abort(error);
      if (force || running === undefined) {
        await end(id, ExecutionPhase.EXECUTION_CANCELLED, error.message);
      }
    },

    pause(id) {
      const running = runningOf(id);
      if (running.pause !== undefined) return;
      let resume = () => {};
      const resumed = new Promise<void>((resolve) => {
        resume = resolve;
      });
      running.pause = { resumed, resume };
    },

    resume(id) {
      const running = runningOf(id);
      running.pause?.resume();
      running.pause = undefined;
    },

    abort(id) {
      runs.get(id)?.abort.abort(new Error("deleted"));
      runs.delete(id);
    },

    async stop() {
      for (const { abort } of runs.values()) abort.abort(new Error("the service has stopped"));
      await Promise.all(endings);
      if (failures.length > 0) throw new AggregateError(failures, "outcomes could not be reported");
    },
  };
}

async function untilResumed({ abort, pause }: Run): Promise<void> {
  abort.signal.throwIfAborted();
  if (pause !== undefined) await untilAborted(pause.resumed, abort.signal);
}

function refusal(id: string, problem: string): ConnectError {
  return new ConnectError(`${shownId(id)} ${problem}`, Code.FailedPrecondition);
}
