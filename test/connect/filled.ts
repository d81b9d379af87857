import { randomBytes } from "node:crypto";
import {
  create,
  type DescField,
  type DescMessage,
  type Message,
  ScalarType,
} from "@bufbuild/protobuf";
import { withUnknown } from "../redaction/fixtures.js";

/** A message with every field set, at every depth. */
export interface Filled {
  readonly message: Message;
  /** What nobody may see: each is random, and stands in one place. */
  readonly secrets: (Uint8Array | string)[];
  /** The texts that anybody may see. */
  readonly shown: string[];
}

// The numbers that the token had in the statuses, unknown to today's stubs.
const unknownNumbers: Readonly<Record<string, number>> = {
  "ai.stigmer.agentic.workflowexecution.v1.WorkflowExecutionStatus": 11,
  "ai.stigmer.agentic.agentexecution.v1.AgentExecutionStatus": 10,
};
const anyOther = 20_000;

let count = 0;

/**
 * Fills a message of this type: two items in a list, two entries in a map (or as many as asked
 * for), another value in each place, and a field in each message that its type does not know.
 */
export function filled(desc: DescMessage, items = 2): Filled {
  const secrets: Filled["secrets"] = [];
  const shown: string[] = [];
  return { message: fill(desc, 0), secrets, shown };

  function fill(desc: DescMessage, depth: number): Message {
    if (depth > 12) throw new Error(`${desc} is recursive: not foreseen`);
    const init = desc.fields.map((field): [string, unknown] => {
      if (field.oneof !== undefined) throw new Error(`${field} is in a oneof: not foreseen`);
      const value = () => fillSingle(field, depth);
      const several = () => Array.from({ length: items }, value);
      if (field.fieldKind === "list") return [field.localName, several()];
      if (field.fieldKind !== "map") return [field.localName, value()];
      const entries = several().map((item) => [text(), item]);
      return [field.localName, Object.fromEntries(entries)];
    });
    const unknown = randomBytes(24);
    secrets.push(unknown);
    const message = create(desc, Object.fromEntries(init) as never);
    return withUnknown(message, unknownNumbers[desc.typeName] ?? anyOther, unknown);
  }

  function fillSingle(field: DescField, depth: number): unknown {
    if (field.message?.typeName === "google.protobuf.Struct") {
      return { [text()]: text(), [text()]: [{ [text()]: text() }, 7, null] };
    }
    if (field.message) return fill(field.message, depth + 1);
    // The last one: the first one is the default.
    if (field.enum) return field.enum.values.at(-1)?.number;
    switch (field.scalar) {
      case ScalarType.STRING:
        return isSecret(field) ? secretText() : text();
      case ScalarType.BYTES: {
        if (!isSecret(field)) throw new Error(`${field} is bytes to be shown: not foreseen`);
        const bytes = Uint8Array.from(randomBytes(32));
        secrets.push(bytes);
        return bytes;
      }
      case ScalarType.BOOL:
        return true;
      case ScalarType.INT32:
        return ++count;
      case ScalarType.INT64:
        return BigInt(++count);
      default:
        throw new Error(`${field} has a type that is not foreseen`);
    }
  }

  function text(): string {
    const value = `shown-${++count}-`;
    shown.push(value);
    return value;
  }

  function secretText(): string {
    const value = randomBytes(24).toString("base64url");
    secrets.push(value);
    return value;
  }
}

export function isSecret({ proto }: DescField): boolean {
  return proto.options?.debugRedact ?? false;
}

/** How many secrets a filled message has, by its descriptor. */
export function secretsOf(desc: DescMessage): number {
  const counts = desc.fields.map((field): number => {
    const items = field.fieldKind === "list" || field.fieldKind === "map" ? 2 : 1;
    if (isSecret(field)) return items;
    const { message } = field;
    if (message === undefined || message.typeName === "google.protobuf.Struct") return 0;
    return items * secretsOf(message);
  });
  // And its unknown field.
  return counts.reduce((sum, added) => sum + added, 1);
}
