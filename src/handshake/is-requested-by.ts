import {
  clearField,
  type DescMessage,
  equals,
  isFieldSet,
  type Message,
  type MessageShape,
} from "@bufbuild/protobuf";
import type { Execution } from "../execution/execution.js";
import { schemaOf } from "../execution/schemas.js";
import { fieldValue } from "../redaction/field-value.js";
import { redact } from "../redaction/index.js";

/**
 * Whether the execution is what the request asks for. Only what the request sets is compared, because
 * the service resolves what it leaves open. Secrets are not compared: they may be withheld here, and a
 * worker's may have been rotated since an earlier attempt.
 */
export function isRequestedBy(execution: Execution, request: Execution): boolean {
  if (execution.$typeName !== request.$typeName) return false;
  const [org, ownerScope] = [request.metadata?.org, request.metadata?.ownerScope];
  if (org && org !== execution.metadata?.org) return false;
  if (ownerScope && ownerScope !== execution.metadata?.ownerScope) return false;
  if (request.spec === undefined) return true;
  if (execution.spec === undefined) return false;
  return isAskedFor(schemaOf(request.spec), execution.spec, request.spec);
}

function isAskedFor<Desc extends DescMessage>(
  schema: Desc,
  spec: MessageShape<Desc>,
  request: MessageShape<Desc>,
): boolean {
  const asked = redact(schema, request);
  const found = redact(schema, spec);
  clearWhatIsNotSet(schema, found, asked);
  return equals(schema, found, asked);
}

/** Clears in a message, in place, what is not set in another of its type, at any depth. */
function clearWhatIsNotSet(desc: DescMessage, message: Message, other: Message): void {
  for (const field of desc.fields) {
    if (!isFieldSet(message, field)) continue;
    if (!isFieldSet(other, field)) {
      clearField(message, field);
    } else if (field.fieldKind === "map") {
      const entries = fieldValue(message, field) as Record<string, unknown>;
      const others = fieldValue(other, field) as Record<string, unknown>;
      for (const key of Object.keys(entries)) {
        if (!Object.hasOwn(others, key)) delete entries[key];
        else if (field.mapKind === "message") {
          clearWhatIsNotSet(field.message, entries[key] as Message, others[key] as Message);
        }
      }
    } else if (
      field.fieldKind === "message" &&
      field.message.typeName !== "google.protobuf.Struct"
    ) {
      clearWhatIsNotSet(
        field.message,
        fieldValue(message, field) as Message,
        fieldValue(other, field) as Message,
      );
    }
  }
}
