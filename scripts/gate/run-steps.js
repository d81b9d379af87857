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
 * @returns {Promise<import("./report.js").StepResult[]>}
 */
export async function runSteps(names) {
  /** @type {import("./report.js").StepResult[]} */
  const results = [];
  for (const name of names) {
    try {
      const { findings, ...others } = await stepNamed(name)();
      // A finding about a whole file is shown at its first line.
      results.push({ name, findings: findings.map((it) => ({ line: 1, ...it })), ...others });
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      const place = /** @type {{ place?: import("./existing-place.js").Place }} */ (error)?.place;
      results.push({ name, findings: [], error: text, ...(place && { place }) });
    }
  }
  return results;
}
