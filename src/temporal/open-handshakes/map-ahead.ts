/**
 * What `map` makes of each value, in order. Works on so many at a time, takes no more from the source
 * than that, and nothing more once its consumer stops.
 */
export async function* mapAhead<T, R>(
  source: AsyncIterable<T>,
  concurrency: number,
  map: (value: T) => Promise<R>,
): AsyncGenerator<R> {
  const values = source[Symbol.asyncIterator]();
  const running: Promise<R>[] = [];
  let isDone = false;
  try {
    for (;;) {
      while (!isDone && running.length < concurrency) {
        const next = await values.next();
        if (next.done) {
          isDone = true;
          break;
        }
        const result = map(next.value);
        // Whoever awaits it sees the error; nobody may, when the consumer stops before.
        result.catch(() => {});
        running.push(result);
      }
      const first = running.shift();
      if (first === undefined) return;
      yield await first;
    }
  } finally {
    await values.return?.();
  }
}
