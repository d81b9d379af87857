import { expect, test } from "vitest";
import { durationText } from "../../src/command/duration-text.js";

const [second, minute, hour, day] = [1_000, 60_000, 3_600_000, 86_400_000];

test.each([
  [0, "0s"],
  [999, "0s"],
  [59 * second, "59s"],
  [minute, "1m"],
  [3 * minute + 5 * second + 500, "3m 5s"],
  [2 * hour + 59 * second, "2h"],
  [26 * hour + 5 * minute, "1d 2h"],
  [400 * day, "400d"],
])("%i ms are %s", (ms, text) => {
  expect(durationText(ms)).toBe(text);
});
