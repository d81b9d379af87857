import { expect, test } from "vitest";
import { lowestVersion } from "../../scripts/gate/release-rule.js";

test.each([
  ["0.1.0", "breaking", "0.2.0"],
  ["0.1.5", "addition", "0.1.6"],
  ["1.4.2", "breaking", "2.0.0"],
  ["1.4.2", "addition", "1.5.0"],
] as const)("after %s a version with a %s change is %s or higher", (baseline, change, lowest) => {
  expect(lowestVersion(baseline, change)).toBe(lowest);
});
