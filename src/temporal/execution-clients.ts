import type { AgentExecution } from "../agentexecution/v1.js";
import type { Execution } from "../execution/execution.js";
import type {
  AgentExecutionSubscriber,
  CallOptions,
  ExecutionCommands,
  ExecutionQueries,
  WorkflowExecutionSubscriber,
} from "../handshake/index.js";
import type { WorkflowExecution } from "../workflowexecution/v1.js";

/** Finds executions by their tags: a client of the kind's query controller. */
export interface ExecutionLister<E extends Execution> {
  list(
    request: { tags: string[]; pageSize: number },
    options?: CallOptions,
  ): Promise<{ entries: E[] }>;
}

/**
 * Connect clients of the execution service, by the kind of execution. Stigmer's own services speak
 * gRPC only: make them over `createGrpcTransport` of `@connectrpc/connect-node`.
 */
export interface ExecutionClients {
  readonly workflow: {
    readonly commands: ExecutionCommands<WorkflowExecution>;
    readonly queries: ExecutionQueries<WorkflowExecution> &
      ExecutionLister<WorkflowExecution> &
      WorkflowExecutionSubscriber;
  };
  readonly agent: {
    readonly commands: ExecutionCommands<AgentExecution>;
    readonly queries: ExecutionQueries<AgentExecution> &
      ExecutionLister<AgentExecution> &
      AgentExecutionSubscriber;
  };
}

/** The clients that read, which is all that a runner's report needs. */
export interface ExecutionReaders {
  readonly workflow: { readonly queries: ExecutionQueries<WorkflowExecution> };
  readonly agent: { readonly queries: ExecutionQueries<AgentExecution> };
}
