import { expect, test } from "vitest";
import { isAtLeast, lowestVersion } from "../../scripts/gate/release-rule.js";

test.each([
  ["0.1.0", "breaking", "0.2.0"],
  ["0.1.5", "addition", "0.1.6"],
  ["1.4.2", "breaking", "2.0.0"],
  ["1.4.2", "addition", "1.5.0"],
] as const)("after %s a version with a %s change is %s or higher", (baseline, change, lowest) => {
  expect(lowestVersion(baseline, change)).toBe(lowest);
});

test.each([
  ["0.2.0", "0.1.0", "breaking", true],
  ["0.2.0-rc.1", "0.1.0", "breaking", true],
  ["0.2.0-rc.2", "0.2.0-rc.1", "breaking", true],
  ["0.1.1-rc.1", "0.1.0", "addition", true],
  ["0.1.1-rc.1", "0.1.0", "breaking", false],
  ["0.1.2-rc.1", "0.1.1-rc.1", "breaking", false],
  ["1.0.0-beta.1", "0.9.0", "breaking", true],
  ["2.0.0-beta.1", "1.4.2", "breaking", true],
  ["1.5.0-beta.1", "1.4.2", "breaking", false],
] as const)("%s after %s with a %s change: %s", (version, baseline, change, isAllowed) => {
  expect(isAtLeast(version, lowestVersion(baseline, change))).toBe(isAllowed);
});
