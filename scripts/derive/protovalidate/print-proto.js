import { getExtension, isFieldSet } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import {
  FieldDescriptorProtoSchema,
  FieldOptionsSchema,
  FileOptionsSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from "@bufbuild/protobuf/wkt";

/**
 * @import { DescExtension, DescFile, DescMessage, Message } from "@bufbuild/protobuf"
 * @import { ReflectMessage } from "@bufbuild/protobuf/reflect"
 * @import { DescriptorProto, EnumDescriptorProto, FieldDescriptorProto } from "@bufbuild/protobuf/wkt"
 */

/**
 * The source of a file of proto2, from its descriptor. It has no comments, for descriptors have none, and
 * `buf format` has to lay out its lines. What may stand in a file beside messages, enums and extensions,
 * and what may stand within these, is left out.
 *
 * @param {DescFile} file
 * @returns {string}
 */
export function printProto({ proto, extensions }) {
  const field = (/** @type {FieldDescriptorProto} */ it) => printField(it, extensions);
  return [
    'syntax = "proto2";',
    "",
    `package ${proto.package};`,
    "",
    ...proto.dependency.map((name) => `import ${quoted(name)};`),
    "",
    ...printOptions(FileOptionsSchema, proto.options, extensions).map((it) => `option ${it};`),
    ...proto.messageType.map((message) => printMessage(message, field)),
    ...proto.enumType.map(printEnum),
    ...proto.extension.map((it) => `\nextend ${it.extendee} {\n${field(it)}\n}`),
    "",
  ].join("\n");
}

/**
 * @param {DescriptorProto} message
 * @param {(field: FieldDescriptorProto) => string} field
 */
function printMessage({ name, field: fields, oneofDecl, ...message }, field) {
  const oneofs = oneofDecl.map((oneof, index) => {
    const members = fields.filter((it) => isIn(index, it));
    return `oneof ${oneof.name} {\n${members.map(field).join("\n")}\n}`;
  });
  // A oneof stands where its first field does.
  const members = fields.flatMap((it, at) => {
    const index = oneofs.findIndex((_, index) => isIn(index, it));
    if (index === -1) return field(it);
    return fields.findIndex((other) => isIn(index, other)) === at ? (oneofs[index] ?? []) : [];
  });
  const ranges = message.extensionRange.map((it) => `extensions ${rangeOf(it.start, it.end - 1)};`);
  const numbers = message.reservedRange.map((it) => rangeOf(it.start, it.end - 1));
  const reserved = printReserved(numbers, message.reservedName);
  return `\nmessage ${name} {\n${[...members, ...ranges, ...reserved].join("\n")}\n}`;
}

/** @param {EnumDescriptorProto} declaration */
function printEnum({ name, value: values, reservedRange, reservedName }) {
  const numbers = reservedRange.map(({ start, end }) => rangeOf(start, end));
  const lines = values.map((value) => `${value.name} = ${value.number};`);
  return `\nenum ${name} {\n${[...lines, ...printReserved(numbers, reservedName)].join("\n")}\n}`;
}

/**
 * @param {FieldDescriptorProto} field
 * @param {readonly DescExtension[]} extensions
 */
function printField(field, extensions) {
  const isInOneof = isFieldSet(field, FieldDescriptorProtoSchema.field.oneofIndex);
  const label = isInOneof ? "" : `${Label[field.label].toLowerCase()} `;
  const type = field.typeName || Type[field.type].toLowerCase();
  const options = printOptions(FieldOptionsSchema, field.options, extensions);
  const list = options.length === 0 ? "" : ` [${options.join(", ")}]`;
  return `${label}${type} ${field.name} = ${field.number}${list};`;
}

/**
 * @param {number} oneof
 * @param {FieldDescriptorProto} field
 */
function isIn(oneof, field) {
  return (
    isFieldSet(field, FieldDescriptorProtoSchema.field.oneofIndex) && field.oneofIndex === oneof
  );
}

/**
 * @param {readonly string[]} numbers
 * @param {readonly string[]} names
 */
function printReserved(numbers, names) {
  return [numbers, names.map(quoted)]
    .filter((list) => list.length > 0)
    .map((list) => `reserved ${list.join(", ")};`);
}

/**
 * @param {number} first
 * @param {number} last
 */
function rangeOf(first, last) {
  return first === last ? `${first}` : `${first} to ${last === 2 ** 29 - 1 ? "max" : last}`;
}

/**
 * @param {DescMessage} schema
 * @param {Message | undefined} options
 * @param {readonly DescExtension[]} extensions
 */
function printOptions(schema, options, extensions) {
  if (options === undefined) return [];
  const numbers = new Set(options.$unknown?.map(({ no }) => no));
  const own = extensions.filter(
    ({ extendee, number }) => extendee.typeName === schema.typeName && numbers.has(number),
  );
  return [
    ...printFields(reflect(schema, options)).map(([name, value]) => `${name} = ${value}`),
    ...own.flatMap((extension) => {
      if (extension.message === undefined) return [];
      const value = /** @type {Message} */ (getExtension(options, extension));
      return `(.${extension.typeName}) = ${printLiteral(reflect(extension.message, value))}`;
    }),
  ];
}

/** @param {ReflectMessage} message */
function printLiteral(message) {
  return `{ ${printFields(message)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n")} }`;
}

/**
 * @param {ReflectMessage} message
 * @returns {[name: string, value: string][]}
 */
function printFields(message) {
  return message.fields
    .filter((field) => message.isSet(field))
    .flatMap((field) => {
      const value = message.get(field);
      const values =
        field.fieldKind === "list" ? [.../** @type {Iterable<unknown>} */ (value)] : [value];
      return values.map((it) => [field.name, printValue(it)]);
    });
}

/** @param {unknown} value */
function printValue(value) {
  if (typeof value === "string") return quoted(value);
  return typeof value === "object"
    ? printLiteral(/** @type {ReflectMessage} */ (value))
    : `${value}`;
}

/** @param {string} text */
function quoted(text) {
  return JSON.stringify(text);
}
