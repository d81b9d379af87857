import fc from "fast-check";
import { expect, test } from "vitest";
import { mapAhead } from "../../../src/temporal/open-handshakes/map-ahead.js";

async function* numbers(count: number, taken: number[] = [], closed = () => {}) {
  try {
    for (let number = 0; number < count; number++) {
      taken.push(number);
      yield number;
    }
  } finally {
    closed();
  }
}

const tick = () => new Promise((resolve) => setImmediate(resolve));

test("gives all results, in order, and works on no more at a time than it may", async () => {
  const counts = fc.tuple(fc.nat(30), fc.integer({ min: 1, max: 10 }));
  await fc.assert(
    fc.asyncProperty(counts, fc.infiniteStream(fc.nat(3)), async ([count, concurrency], ticks) => {
      let [running, most] = [0, 0];
      const results: number[] = [];
      const mapped = mapAhead(numbers(count), concurrency, async (number) => {
        most = Math.max(most, ++running);
        for (let left = ticks.next().value; left > 0; left--) await tick();
        running--;
        return number * 2;
      });
      for await (const result of mapped) results.push(result);
      expect(results).toEqual([...Array(count).keys()].map((number) => number * 2));
      expect(most).toBeLessThanOrEqual(concurrency);
    }),
    { numRuns: 50 },
  );
});

test("works on as many at a time as it may", async () => {
  const started: (() => void)[] = [];
  const results: number[] = [];
  // Each ends only when three have begun.
  const mapped = mapAhead(numbers(3), 3, async (number) => {
    await new Promise<void>((resolve) => {
      started.push(resolve);
      if (started.length === 3) for (const end of started) end();
    });
    return number;
  });
  for await (const result of mapped) results.push(result);
  expect(results).toEqual([0, 1, 2]);
});

test("takes nothing more once its consumer stops", async () => {
  const taken: number[] = [];
  let isClosed = false;
  const source = numbers(100, taken, () => {
    isClosed = true;
  });
  for await (const result of mapAhead(source, 3, async (number) => number)) {
    if (result === 1) break;
  }
  expect(taken).toEqual([0, 1, 2, 3]);
  expect(isClosed).toBe(true);
});

test("fails as the first that fails, and closes its source", async () => {
  let isClosed = false;
  const source = numbers(100, [], () => {
    isClosed = true;
  });
  const results: number[] = [];
  const mapped = mapAhead(source, 4, async (number) => {
    if (number > 1) throw new Error(`no ${number}`);
    return number;
  });
  const consumed = (async () => {
    for await (const result of mapped) results.push(result);
  })();
  await expect(consumed).rejects.toThrow("no 2");
  expect(results).toEqual([0, 1]);
  expect(isClosed).toBe(true);
});
