import type { AgentExecutionStatus } from "../agentexecution/v1.js";
import type { Execution, ExecutionStatus } from "../execution/execution.js";
import { isTerminal } from "../execution/is-terminal.js";
import { kindOfId } from "../execution/kinds.js";
import { shown } from "../shown.js";
import { textOf } from "../text-of.js";
import type { WorkflowExecutionStatus } from "../workflowexecution/v1.js";
import { backoff, longestBackoff } from "./backoff.js";
import type { AgentExecutionSubscriber, WorkflowExecutionSubscriber } from "./execution-client.js";
import { HandshakeError } from "./handshake-error.js";
import { onAbort } from "./on-abort.js";
import { sleep } from "./sleep.js";
import { isTooLarge, isTransient } from "./status-code.js";
import { createStop, type Stop } from "./stop.js";

type Subscriber = WorkflowExecutionSubscriber | AgentExecutionSubscriber;

/** When to give up waiting for an execution. */
export interface WaitOptions {
  /** Ends the wait; the promise is rejected with the signal's reason. The execution goes on. */
  signal?: AbortSignal;

  /** When to give up. Without one, the wait lasts as long as the execution. */
  deadline?: Date;
}

/**
 * Waits until an execution ends, for a caller without a callback token, and returns the terminal
 * status: completed, failed or cancelled. Follows `subscribe`. A stream that breaks or ends too early is
 * opened again, at first after 0.1 s at most and later after 10 s at most; after a stream that has lasted
 * for 10 s, that starts anew. No change is lost, because a stream starts with the current state. Only
 * the transport can notice a connection that dies without a sign: over HTTP/2, give it a ping interval.
 * A gRPC server in Go, Java or Python has to allow that: by default it closes a connection that is
 * pinged more often than every 5 minutes.
 *
 * Throws a `HandshakeError` with code `deadline-exceeded`; with `too-large` for an execution that is
 * larger than the client or the server takes; or with `wrong-id` for an id that starts with neither
 * `wex` nor `aex`, and for a service that answers with another execution. Throws a `RangeError` for an
 * invalid deadline, the signal's reason, and the client's error when the call can never succeed, such as
 * NOT_FOUND, PERMISSION_DENIED or a message that the client cannot decode. Any other UNKNOWN or INTERNAL
 * counts as a broken stream; without a deadline, a server that always answers so is asked for ever. The
 * last such error is the cause of `deadline-exceeded`.
 */
export function waitForExecution(
  id: string,
  queries: WorkflowExecutionSubscriber,
  options?: WaitOptions,
): Promise<WorkflowExecutionStatus>;
export function waitForExecution(
  id: string,
  queries: AgentExecutionSubscriber,
  options?: WaitOptions,
): Promise<AgentExecutionStatus>;
export async function waitForExecution(
  id: string,
  queries: Subscriber,
  options: WaitOptions = {},
): Promise<ExecutionStatus> {
  const { signal, deadline } = options;
  if (deadline !== undefined && Number.isNaN(deadline.getTime())) {
    throw new RangeError("deadline: expected a valid Date");
  }
  assertId(id);
  const stop = createStop();
  let lastError: unknown;
  const cancelAbort = signal && onAbort(signal, () => stop.stop(reasonOf(signal)));
  const cancelDeadline = atDeadline(deadline, () =>
    stop.stop(
      new HandshakeError(
        "deadline-exceeded",
        `${id}: expected an end by ${deadline?.toISOString()}, got none`,
        { cause: lastError },
      ),
    ),
  );
  try {
    for (let failures = 0; ; failures++) {
      stop.throwIfStopped();
      const openedAt = Date.now();
      try {
        const status = await follow(id, queries, stop);
        if (status !== undefined) return status;
      } catch (error) {
        stop.throwIfStopped();
        if (error instanceof HandshakeError) throw error;
        if (isTooLarge(error)) {
          throw new HandshakeError("too-large", `${id}: ${textOf(error)}`, { cause: error });
        }
        if (!isTransient(error)) throw error;
        lastError = error;
      }
      // Not by what it has brought: a stream that breaks at once may bring any number of states.
      if (Date.now() - openedAt >= longestBackoff) failures = 0;
      await stop.race(sleep(backoff(failures), stop.signal));
    }
  } finally {
    cancelDeadline();
    cancelAbort?.();
  }
}

/** Follows one stream to its end. Returns the terminal status; undefined when it has brought none. */
async function follow(
  id: string,
  queries: Subscriber,
  stop: Stop,
): Promise<ExecutionStatus | undefined> {
  // One for each stream, because what a transport adds to a signal may stay there.
  const stream = new AbortController();
  const cancel = onAbort(stop.signal, () => stream.abort());
  let states: AsyncIterator<Execution> | undefined;
  try {
    states = subscribe(id, queries, stream.signal)[Symbol.asyncIterator]();
    for (;;) {
      const { done, value } = await stop.race(states.next());
      if (done) return undefined;
      assertSame(id, value);
      if (value.status !== undefined && isTerminal(value)) return value.status;
    }
  } finally {
    cancel();
    // Not waited for: a stream that does not close keeps nobody from having its last state.
    states?.return?.().catch(() => {});
    stream.abort();
  }
}

function subscribe(id: string, queries: Subscriber, signal: AbortSignal): AsyncIterable<Execution> {
  // A client of the other kind must not be asked for an empty id: it reads the field that it knows.
  const request = { executionId: id, value: id };
  return (queries as WorkflowExecutionSubscriber).subscribe(request, { signal });
}

function assertId(id: string): void {
  if (kindOfId(id)) return;
  throw new HandshakeError(
    "wrong-id",
    `expected an id that starts with wex or aex, got ${shown(id)}`,
  );
}

function assertSame(id: string, { metadata }: Execution): void {
  const came = metadata?.id ?? "";
  // One without an id is taken for what was asked for, as nothing says otherwise.
  if (came === "" || came === id) return;
  throw new HandshakeError("wrong-id", `expected the state of ${id}, got that of ${shown(came)}`);
}

/** Why a signal was aborted, also where signals do not say so. */
function reasonOf(signal: AbortSignal): unknown {
  if ("reason" in signal) return signal.reason;
  return Object.assign(new Error("the wait was aborted"), { name: "AbortError" });
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
