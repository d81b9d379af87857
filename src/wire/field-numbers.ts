import { checkBytes } from "./check-bytes.js";

/** The short name of an execution's message. */
export type ExecutionKind = "WorkflowExecution" | "AgentExecution";

/** The short name of a message that carries a callback token, itself or in its spec. */
export type MessageKind = ExecutionKind | `${ExecutionKind}Spec`;

/** Where the token is, and where it was; 0 for what there is not in a spec. */
export type FieldNumbers = readonly [
  spec: number,
  token: number,
  status: number,
  formerToken: number,
];

const numbers: ReadonlyMap<MessageKind, FieldNumbers> = new Map([
  ["WorkflowExecution", [4, 7, 5, 11]],
  ["AgentExecution", [4, 6, 5, 10]],
  ["WorkflowExecutionSpec", [0, 7, 0, 0]],
  ["AgentExecutionSpec", [0, 6, 0, 0]],
]);

/** Throws a `TypeError` for a kind that does not exist, or no bytes. */
export function fieldNumbers(kind: MessageKind, bytes: Uint8Array): FieldNumbers {
  const found = numbers.get(kind);
  if (!found) throw new TypeError(`kind: expected one of ${[...numbers.keys()]}`);
  checkBytes("bytes", bytes);
  return found;
}
