import type { Violation } from "./violation.js";

/** One text that lists all violations of a message. */
export function formatViolations(typeName: string, violations: readonly Violation[]): string {
  const count = violations.length === 1 ? "1 violation" : `${violations.length} violations`;
  const lines = violations.map(({ field, message }) => `\n  ${field}: ${message}`);
  return `${typeName} has ${count}:${lines.join("")}`;
}
