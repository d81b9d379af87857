import type { UnknownField } from "@bufbuild/protobuf";
import type { GenMessage } from "@bufbuild/protobuf/codegenv2";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { describeType } from "../describe-type.js";
import { equalBytes } from "../equal-bytes.js";
import type { Execution } from "../execution/execution.js";
import { identify, tokenFields } from "../execution/kinds.js";
import type { TokenMigration } from "../execution/token-migration.js";
import { checkedToken } from "./callback-token.js";
import { CallbackTokenError } from "./callback-token-error.js";
import { getCallbackToken } from "./get-callback-token.js";
import { setCallbackToken } from "./set-callback-token.js";

/**
 * Moves a callback token that was stored in the status (WorkflowExecutionStatus field 11,
 * AgentExecutionStatus field 10; unknown fields to today's stubs) to the spec, and returns what it did.
 *
 * Throws a `CallbackTokenError` with code `conflict` when status and spec have different tokens,
 * with `too-long` for one of more than 8,192 bytes, and with `wrong-message` for another message;
 * nothing is changed then.
 */
export function migrateCallbackToken<E extends Execution>(
  schema: GenMessage<E>,
  message: E,
): TokenMigration {
  const found = identify(schema.typeName);
  if (found?.part !== "execution" || message?.$typeName !== schema.typeName) {
    throw new CallbackTokenError(
      "wrong-message",
      `expected a WorkflowExecution or an AgentExecution with its schema, got ${describeType(message)} with ${schema.typeName}`,
    );
  }
  const { status } = message;
  const [, number] = tokenFields[found.kind];
  const isFormer = ({ no, wireType }: UnknownField) =>
    no === number && wireType === WireType.LengthDelimited;
  const values = (status?.$unknown ?? [])
    .filter(isFormer)
    .map(({ data }) => new BinaryReader(data).bytes());
  if (status === undefined || values.every((value) => value.length === 0)) return "unchanged";

  const where = `${status.$typeName} field ${number}`;
  // As with any field, the last one counts, and an empty one is none.
  const last = values.at(-1);
  const former = last?.length ? checkedToken(last, where) : undefined;
  const current = getCallbackToken(message);
  if (former && current && !equalBytes(former, current)) {
    throw new CallbackTokenError(
      "conflict",
      `${where}: expected no token, or the one that the spec has, got another one`,
    );
  }
  if (former && !current) setCallbackToken(message, former);
  status.$unknown = status.$unknown?.filter((field) => !isFormer(field));
  return former && !current ? "moved" : "removed";
}
