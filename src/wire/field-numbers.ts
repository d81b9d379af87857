import { type ExecutionKind, specField, statusField, tokenFields } from "../execution/kinds.js";
import { checkBytes } from "./check-bytes.js";

/** The short name of a message that carries a callback token, itself or in its spec. */
export type MessageKind = ExecutionKind | `${ExecutionKind}Spec`;

/** The number of a message and that of a field in it; 0 for the message that the bytes are. */
export type Path = readonly [message: number, field: number];

/** Where the token is, and where it was, which in a spec is nowhere. */
export type FieldNumbers = readonly [token: Path, formerToken: Path];

const nowhere: Path = [0, 0];
const numbers = new Map<string, FieldNumbers>();
for (const [kind, [inSpec, formerlyInStatus]] of Object.entries(tokenFields)) {
  const token = [specField, inSpec] as const;
  numbers.set(kind, [token, [statusField, formerlyInStatus]]);
  numbers.set(`${kind}Spec`, [[0, inSpec], nowhere]);
}

/** Throws a `TypeError` for a kind that does not exist, or no bytes. */
export function fieldNumbers(kind: MessageKind, bytes: Uint8Array): FieldNumbers {
  const found = numbers.get(kind);
  if (!found) throw new TypeError(`kind: expected one of ${[...numbers.keys()]}`);
  checkBytes("bytes", bytes);
  return found;
}
