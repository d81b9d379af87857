import type { Execution } from "../execution/execution.js";
import { isTerminal } from "../execution/is-terminal.js";
import { identified } from "../execution/kinds.js";
import { count } from "./count.js";
import { errorResult } from "./error-result.js";
import { type Counters, kindLabel } from "./instruments.js";
import type { Meter } from "./meter.js";

interface Armed<E extends Execution> {
  readonly execution: E;
  readonly isNew: boolean;
}

/** Counts an attempt to start or to re-arm an execution, by what it comes to. */
export async function countHandshake<E extends Execution>(
  meter: Meter | undefined,
  request: E,
  attempt: () => Promise<Armed<E>>,
): Promise<Armed<E>> {
  let result: Counters["stigmer_handshakes"]["result"] = "other";
  try {
    const armed = await attempt();
    result = armed.isNew ? "started" : isTerminal(armed.execution) ? "ended" : "rearmed";
    return armed;
  } catch (error) {
    result = errorResult(error);
    throw error;
  } finally {
    const execution_kind = kindLabel(identified(request).kind);
    count(meter, "stigmer_handshakes", { execution_kind, result });
  }
}
