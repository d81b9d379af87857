import type { Execution } from "../../execution/execution.js";
import type { KindClients } from "../../handshake/index.js";
import type { ExecutionLister } from "../execution-clients.js";

/** The clients of one kind of execution. */
export interface Clients<E extends Execution> extends KindClients<E> {
  readonly queries: KindClients<E>["queries"] & ExecutionLister<E>;
}

/** The same clients, whose calls are given up when the signal is aborted. */
export function withSignal<E extends Execution>(
  { commands, queries }: Clients<E>,
  signal: AbortSignal,
): Clients<E> {
  return {
    commands: {
      create: (request) => commands.create(request, { signal }),
      update: (request) => commands.update(request, { signal }),
    },
    queries: {
      get: (request) => queries.get(request, { signal }),
      list: (request) => queries.list(request, { signal }),
    },
  };
}
