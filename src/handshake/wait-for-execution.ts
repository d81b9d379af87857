import type { AgentExecutionStatus } from "../agentexecution/v1.js";
import type { Execution, ExecutionStatus } from "../execution.js";
import type { WorkflowExecutionStatus } from "../workflowexecution/v1.js";
import { backoff } from "./backoff.js";
import type { AgentExecutionSubscriber, WorkflowExecutionSubscriber } from "./execution-client.js";
import { HandshakeError } from "./handshake-error.js";
import { isTerminal } from "./is-terminal.js";
import { sleep } from "./sleep.js";
import { isTooLarge, isTransient } from "./status-code.js";

/** When to give up waiting for an execution. */
export interface WaitOptions {
  /** Ends the wait; the promise is rejected with the signal's reason. The execution goes on. */
  signal?: AbortSignal;

  /** When to give up. Without one, the wait lasts as long as the execution. */
  deadline?: Date;
}

/**
 * Waits until an execution ends, for a caller without a callback token, and returns the terminal
 * status: completed, failed or cancelled. Follows `subscribe`; a stream that breaks, or ends too
 * early, is opened again after 0.1 s at most at first and 10 s at most later. No change is lost by
 * that, for a stream starts with the current state. A connection that dies without a sign is the
 * transport's to notice: over HTTP/2, give it a ping interval.
 *
 * Throws a `HandshakeError` with code `deadline-exceeded`; `too-large` for an execution that is larger
 * than the client, or the server, takes; or `wrong-id` for an id that starts with
 * neither `wex` nor `aex`; a `RangeError` for an invalid deadline; the signal's reason; and the
 * client's error when the call can never succeed, such as NOT_FOUND or PERMISSION_DENIED. UNKNOWN and
 * INTERNAL count as a broken stream; without a deadline, a server that only ever answers so is asked
 * for ever. The last such error is the cause of `deadline-exceeded`.
 */
export function waitForExecution(
  client: WorkflowExecutionSubscriber,
  id: string,
  options?: WaitOptions,
): Promise<WorkflowExecutionStatus>;
export function waitForExecution(
  client: AgentExecutionSubscriber,
  id: string,
  options?: WaitOptions,
): Promise<AgentExecutionStatus>;
export async function waitForExecution(
  client: WorkflowExecutionSubscriber | AgentExecutionSubscriber,
  id: string,
  options: WaitOptions = {},
): Promise<ExecutionStatus> {
  const { signal, deadline } = options;
  if (deadline !== undefined && Number.isNaN(deadline.getTime())) {
    throw new RangeError("deadline: expected a valid Date");
  }
  const stop = new AbortController();
  let lastError: unknown;
  const onAbort = () => stop.abort(signal?.reason);
  if (signal?.aborted) onAbort();
  signal?.addEventListener("abort", onAbort);
  const cancelDeadline = atDeadline(deadline, () =>
    stop.abort(
      new HandshakeError(
        "deadline-exceeded",
        `${id}: expected to end by ${deadline?.toISOString()}, but was not seen to`,
        { cause: lastError },
      ),
    ),
  );
  try {
    for (let failures = 0; ; failures++) {
      stop.signal.throwIfAborted();
      try {
        let isChange = false;
        for await (const execution of subscribe(client, id, stop.signal)) {
          if (execution.status !== undefined && isTerminal(execution)) return execution.status;
          // Every stream brings the current state, also one that breaks at once.
          if (isChange) failures = 0;
          isChange = true;
        }
      } catch (error) {
        stop.signal.throwIfAborted();
        if (isTooLarge(error)) {
          const text = error instanceof Error ? error.message : String(error);
          throw new HandshakeError("too-large", `${id}: ${text}`, { cause: error });
        }
        if (!isTransient(error)) throw error;
        lastError = error;
      }
      await sleep(backoff(failures), stop.signal);
    }
  } finally {
    cancelDeadline();
    signal?.removeEventListener("abort", onAbort);
    stop.abort();
  }
}

function subscribe(
  client: WorkflowExecutionSubscriber | AgentExecutionSubscriber,
  id: string,
  signal: AbortSignal,
): AsyncIterable<Execution> {
  if (id.startsWith("wex")) {
    return (client as WorkflowExecutionSubscriber).subscribe({ executionId: id }, { signal });
  }
  if (id.startsWith("aex")) {
    return (client as AgentExecutionSubscriber).subscribe({ value: id }, { signal });
  }
  throw new HandshakeError(
    "wrong-id",
    `expected an id that starts with wex or aex, got ${JSON.stringify(id)}`,
  );
}

/** Calls back at the deadline. Returns how to give that up. */
function atDeadline(deadline: Date | undefined, callback: () => void): () => void {
  if (deadline === undefined) return () => {};
  let timer: ReturnType<typeof setTimeout>;
  const tick = () => {
    const remaining = deadline.getTime() - Date.now();
    // setTimeout fires at once for more than 2^31 - 1 ms, which is 24.8 days.
    if (remaining > 0) timer = setTimeout(tick, Math.min(remaining, 2 ** 31 - 1));
    else callback();
  };
  tick();
  return () => clearTimeout(timer);
}
