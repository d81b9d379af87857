/** One version of a value and, once there is one, the next. */
export interface Version<T> {
  readonly value: T;
  /** The next version. Rejects with the signal's reason if that comes first, and keeps nothing of it. */
  next(signal: AbortSignal): Promise<Version<T>>;
  /** Makes the next version known to all who wait for it. */
  publish(value: T): Version<T>;
}

export function createVersion<T>(value: T): Version<T> {
  // No promise for all of them: it would keep those who have left until it is resolved.
  const waiting = new Set<(version: Version<T>) => void>();
  let published: Version<T> | undefined;
  return {
    value,
    next: (signal) =>
      new Promise((resolve, reject) => {
        if (published !== undefined) return resolve(published);
        if (signal.aborted) return reject(signal.reason);
        const onAbort = () => {
          waiting.delete(onNext);
          reject(signal.reason);
        };
        const onNext = (version: Version<T>) => {
          signal.removeEventListener("abort", onAbort);
          resolve(version);
        };
        waiting.add(onNext);
        signal.addEventListener("abort", onAbort, { once: true });
      }),
    publish(nextValue) {
      published = createVersion(nextValue);
      for (const onNext of waiting) onNext(published);
      waiting.clear();
      return published;
    },
  };
}
