import { expect, test } from "vitest";
import { backoff } from "../../src/handshake/backoff.js";

test.each([
  { failures: 0, limit: 100 },
  { failures: 1, limit: 200 },
  { failures: 6, limit: 6_400 },
  { failures: 7, limit: 10_000 },
  { failures: 2_000, limit: 10_000 },
])("after $failures failures callers come back at random within $limit ms", (row) => {
  const waits = Array.from({ length: 200 }, () => backoff(row.failures));
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...waits)).toBeLessThanOrEqual(row.limit);
  // Both halves are hit, but for one time in 2^199.
  expect(Math.min(...waits)).toBeLessThan(row.limit / 2);
  expect(Math.max(...waits)).toBeGreaterThan(row.limit / 2);
});
