import { onAbort } from "./on-abort.js";

/** What may end a wait from outside, once. Does without `AbortSignal.reason`, which is not everywhere. */
export interface Stop {
  /** Aborted by `stop`. */
  readonly signal: AbortSignal;
  stop(reason: unknown): void;
  /** Throws the reason when it is stopped. */
  throwIfStopped(): void;
  /** The promise's outcome, or a rejection with the reason if that comes first. */
  race<T>(promise: Promise<T>): Promise<T>;
}

export function createStop(): Stop {
  const controller = new AbortController();
  const { signal } = controller;
  let reason: unknown;
  return {
    signal,
    stop(why) {
      if (signal.aborted) return;
      reason = why;
      controller.abort(why);
    },
    throwIfStopped() {
      if (signal.aborted) throw reason;
    },
    race: (promise) =>
      new Promise((resolve, reject) => {
        const cancel = onAbort(signal, () => reject(reason));
        promise.then(resolve, reject).finally(cancel);
      }),
  };
}
