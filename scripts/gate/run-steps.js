import { steps } from "./steps.js";

/** @param {string} name */
function stepNamed(name) {
  const step = steps[name];
  if (step === undefined) throw new Error(`no step is called ${name}`);
  return step;
}

/**
 * Runs steps of the gate, the others too when one cannot run.
 *
 * @param {readonly string[]} names
 * @returns {import("./report.js").StepResult[]}
 */
export function runSteps(names) {
  return names.map((name) => {
    try {
      return { name, ...stepNamed(name)() };
    } catch (error) {
      return { name, findings: [], error: error instanceof Error ? error.message : String(error) };
    }
  });
}
