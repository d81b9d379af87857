// Imports nothing, so that encoded bytes, and helpers that need no stubs, can use it.

/** The kinds of execution, by what a resource has as its `kind`: the short name of its message. */
export type ExecutionKind = "WorkflowExecution" | "AgentExecution";

export const executionKinds = ["WorkflowExecution", "AgentExecution"] as const;

/** The numbers of the spec and the status in an execution of either kind. */
export const specField = 4;
export const statusField = 5;

/**
 * The number of the callback token in the spec; and that which it had in the status, where it is
 * reserved now.
 */
export const tokenFields: Readonly<
  Record<ExecutionKind, readonly [inSpec: number, formerlyInStatus: number]>
> = { WorkflowExecution: [7, 11], AgentExecution: [6, 10] };

/** The most bytes that a callback token may have. */
export const maxCallbackTokenBytes = 8192;

/** What the id of an execution starts with. */
export const idPrefixes = { WorkflowExecution: "wex", AgentExecution: "aex" } as const;

/** The full names of the messages. */
export const typeNames = {
  WorkflowExecution: {
    execution: "ai.stigmer.agentic.workflowexecution.v1.WorkflowExecution",
    spec: "ai.stigmer.agentic.workflowexecution.v1.WorkflowExecutionSpec",
    status: "ai.stigmer.agentic.workflowexecution.v1.WorkflowExecutionStatus",
  },
  AgentExecution: {
    execution: "ai.stigmer.agentic.agentexecution.v1.AgentExecution",
    spec: "ai.stigmer.agentic.agentexecution.v1.AgentExecutionSpec",
    status: "ai.stigmer.agentic.agentexecution.v1.AgentExecutionStatus",
  },
} as const;

/** What a message is of an execution. */
export type ExecutionPart = "execution" | "spec" | "status";

/** What a message is, and of which kind. */
export interface Identity {
  readonly kind: ExecutionKind;
  readonly part: ExecutionPart;
}

/** Which message of which kind has this full name; undefined for any other. */
export function identify(typeName: string | undefined): Identity | undefined {
  for (const kind of executionKinds) {
    for (const part of parts) if (typeNames[kind][part] === typeName) return { kind, part };
  }
  return undefined;
}

/** Which message of which kind this is. Throws a `TypeError` for any other. */
export function identified({ $typeName }: { readonly $typeName: string }): Identity {
  const found = identify($typeName);
  if (found !== undefined) return found;
  throw new TypeError(`expected an execution, its spec or its status, got ${$typeName}`);
}

/** The kind of the execution with this id; undefined for one that is no execution's. */
export function kindOfId(id: string): ExecutionKind | undefined {
  return executionKinds.find((kind) => id.startsWith(idPrefixes[kind]));
}

const parts = ["execution", "spec", "status"] as const;
