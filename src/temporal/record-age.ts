import type { ExecutionKind } from "../execution/kinds.js";
import type { Meter } from "../handshake/index.js";
import { kindLabel } from "../handshake/instruments.js";
import { record } from "../handshake/record.js";

/** Records how old a handshake is that goes on. `since` is in milliseconds of `Date.now()`. */
export function recordAge(
  meter: Meter | undefined,
  kind: ExecutionKind | undefined,
  since: number,
): void {
  // The clocks of two machines may differ.
  const seconds = Math.max(0, (Date.now() - since) / 1_000);
  record(meter, "stigmer_handshake_age", seconds, { execution_kind: kindLabel(kind) });
}
