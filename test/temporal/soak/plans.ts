import { createRandom } from "../../../bench/fixtures/random.js";
import type { Plan } from "../world/workflows.js";

const callback = { heartbeatInterval: "3s" } as const;

export type Outcome = "completed" | "failed" | "cancelled";

/** One call of a caller, and what is to come of it. */
export interface Handshake {
  /** Found in the spec of each of its executions, and in its result. */
  readonly name: string;
  readonly kind: "workflow" | "agent";
  readonly plan: Plan;
  /** Of the caller's activity, and of the runners' own. */
  readonly options: { readonly heartbeatTimeout: string };
  readonly outcome: Outcome;
  /** How many executions it takes: more than one when it is nested. */
  readonly depth: number;
  /** How long after the start of all its executions the caller cancels, if it does. */
  readonly cancelAfterMs: number;
}

/** The handshakes of a run: the same for the same seed. */
export function drawHandshakes(seed: number, count: number): Handshake[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const name = `handshake-${String(index).padStart(3, "0")}`;
    const outcome = random.pick<Outcome>(["completed", "completed", "failed", "cancelled"]);
    const depth = random.pick([1, 1, 1, 2, 3]);
    const kinds = Array.from({ length: depth }, () =>
      random.pick<Handshake["kind"]>(["workflow", "agent"]),
    );
    const ms = random.integer(3_000);
    // The short one gives up many an attempt whose runner lives. With the long one the runner of a
    // cancelled caller, killed, is back in time to confirm the cancellation.
    const heartbeatTimeout = outcome === "cancelled" ? "20s" : random.pick(["5s", "20s"]);
    const options = { heartbeatTimeout };
    const [kind = "workflow", ...nested] = kinds;
    const plan = nested.reduceRight<Plan>(
      (inner, kind) => ({ ...ends(outcome), nested: { kind, plan: inner, options } }),
      innermost(name, outcome, ms),
    );
    return { name, kind, plan, options, outcome, depth, cancelAfterMs: ms };
  });
}

/** What the execution of a handshake fails with, if it does. */
export function errorOf(name: string): string {
  return `${name} fails as planned`;
}

function innermost(name: string, outcome: Outcome, ms: number): Plan {
  switch (outcome) {
    case "completed":
      return { callback, ms, answer: name };
    case "failed":
      return { callback, ms, error: errorOf(name) };
    case "cancelled":
      return { ...ends(outcome), untilFinished: true, answer: name };
  }
}

/**
 * What ends an execution whose caller is cancelled while no attempt of it waits: the server ends the
 * activity at once, and the runner only finds that nobody is there.
 */
function ends(outcome: Outcome): Plan {
  return outcome === "cancelled"
    ? { callback: { ...callback, maxMissedHeartbeats: 8 } }
    : { callback };
}
