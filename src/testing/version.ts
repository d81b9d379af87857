/** One version of a value and, once there is one, the next. */
export interface Version<T> {
  readonly value: T;
  readonly next: Promise<Version<T>>;
  /** Makes the next version known to all who wait for it. */
  publish(value: T): Version<T>;
}

export function createVersion<T>(value: T): Version<T> {
  let resolveNext: (version: Version<T>) => void;
  const next = new Promise<Version<T>>((resolve) => {
    resolveNext = resolve;
  });
  return {
    value,
    next,
    publish(nextValue) {
      const version = createVersion(nextValue);
      resolveNext(version);
      return version;
    },
  };
}
