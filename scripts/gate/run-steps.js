import { steps } from "./steps.js";

/**
 * Runs steps of the gate, the others too when one cannot run.
 *
 * @param {readonly string[]} names
 * @returns {import("./report.js").StepResult[]}
 */
export function runSteps(names) {
  return names.map((name) => {
    try {
      return { name, ...(steps[name]?.() ?? { findings: [] }) };
    } catch (error) {
      return { name, findings: [], error: error instanceof Error ? error.message : String(error) };
    }
  });
}
