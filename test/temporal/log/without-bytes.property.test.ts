import { expect, it } from "vitest";
import { metaOf } from "./logged.js";

it("a text takes no time to speak of, however long it is", () => {
  const start = performance.now();
  for (const part of ["a", "ab/cd-", "1,", "0a ", "Ab1", '{"a":1}', "\u0001", "\\x", "=", " "]) {
    metaOf(part.repeat(1_000_000 / part.length));
  }
  // All of them, six times over; what is quadratic takes minutes.
  expect(performance.now() - start).toBeLessThan(30_000);
});
