import type { AgentExecution } from "../agentexecution/v1.js";
import type { Execution } from "../execution/execution.js";
import type { WorkflowExecution } from "../workflowexecution/v1.js";

// A Connect client of the matching controller fits each of these. They are stated by shape, so that
// the handshake depends on no transport.

/** What a client is given for a call; a Connect client's options have more. */
export interface CallOptions {
  /** Aborts the call. */
  signal?: AbortSignal;

  /**
   * Called with the headers of the response. They tell whether `callbackTokenGuard` has withheld a
   * token, so a client of your own should pass them on if its transport has any.
   */
  onHeader?(headers: { get(name: string): string | null }): void;
}

/** Reads one execution: a client of the kind's query controller. */
export interface ExecutionQueries<E extends Execution> {
  get(request: { value: string }, options?: CallOptions): Promise<E>;
}

/** Creates and updates executions: a client of the kind's command controller. */
export interface ExecutionCommands<E extends Execution> {
  // Properties, not methods: a client of one kind does not write both.
  readonly create: (request: E, options?: CallOptions) => Promise<E>;
  readonly update: (request: E, options?: CallOptions) => Promise<E>;
}

/** The clients of one kind of execution: those of its command and its query controller. */
export interface KindClients<E extends Execution> {
  // Which kind it is, the queries tell.
  readonly commands: ExecutionCommands<NoInfer<E>>;
  readonly queries: ExecutionQueries<E>;
}

/** Follows one workflow execution: a client of WorkflowExecutionQueryController. */
export interface WorkflowExecutionSubscriber {
  subscribe(
    request: { executionId: string },
    options?: CallOptions,
  ): AsyncIterable<WorkflowExecution>;
}

/** Follows one agent execution: a client of AgentExecutionQueryController. */
export interface AgentExecutionSubscriber {
  subscribe(request: { value: string }, options?: CallOptions): AsyncIterable<AgentExecution>;
}
