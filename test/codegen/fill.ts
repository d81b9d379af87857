import {
  create,
  type DescField,
  type DescMessage,
  type Message,
  type MessageShape,
  ScalarType,
} from "@bufbuild/protobuf";
import { TimestampSchema } from "@bufbuild/protobuf/wkt";

/**
 * A message with every field set, at every depth, the same in each language:
 *
 * - a text tells where it stands, as in `WorkflowExecution.status.tasks[1].task_id ✓`; bytes do too,
 * - a number is that of its field, an enum has its last value, a bool is true,
 * - a list has two elements, a map the keys `a` and `b`,
 * - a Struct has one of each kind of value, a Timestamp its field's number of seconds after a date.
 */
export function fill<Desc extends DescMessage>(desc: Desc): MessageShape<Desc> {
  return fillMessage(desc, desc.name) as MessageShape<Desc>;
}

function fillMessage(desc: DescMessage, path: string): Message {
  const fields = desc.fields.map((field) => {
    const at = `${path}.${field.name}`;
    return [field.localName, fillField(field, at)];
  });
  return create(desc, Object.fromEntries(fields));
}

function fillField(field: DescField, path: string): unknown {
  switch (field.fieldKind) {
    case "list":
      return [0, 1].map((index) => fillValue(field, `${path}[${index}]`));
    case "map":
      return Object.fromEntries(
        ["a", "b"].map((key) => [key, fillValue(field, `${path}[${key}]`)]),
      );
    default:
      return fillValue(field, path);
  }
}

function fillValue(field: DescField, path: string): unknown {
  if (field.message?.typeName === "google.protobuf.Struct") {
    const list = [1, "two", false];
    return { text: path, number: 1.5, flag: true, nothing: null, list, object: { nested: path } };
  }
  if (field.message?.typeName === TimestampSchema.typeName) {
    const seconds = 1_700_000_000n + BigInt(field.number);
    return create(TimestampSchema, { seconds, nanos: 120_000_000 });
  }
  if (field.message) return fillMessage(field.message, path);
  if (field.enum) return field.enum.values.at(-1)?.number;
  switch (field.scalar) {
    case ScalarType.STRING:
      return `${path} ✓`;
    case ScalarType.BYTES:
      return new TextEncoder().encode(path);
    case ScalarType.BOOL:
      return true;
    case ScalarType.INT32:
      return field.number;
    default:
      throw new Error(`${path} has a type that is not foreseen`);
  }
}
