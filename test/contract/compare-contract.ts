import { isFieldSet } from "@bufbuild/protobuf";
import { protoCamelCase } from "@bufbuild/protobuf/reflect";
import {
  type DescriptorProto,
  type EnumDescriptorProto,
  type FieldDescriptorProto,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FieldDescriptorProtoSchema,
  type FileDescriptorProto,
  type FileDescriptorSet,
} from "@bufbuild/protobuf/wkt";

/** The contract as data, keyed by file: the form of test/contract.json. */
export type ContractTable = Record<string, ContractFile>;

interface ContractFile {
  messages?: Record<string, ContractMessage>;
  enums?: Record<string, Record<string, number>>;
  services?: Record<string, Record<string, ContractRpc>>;
}

interface ContractMessage {
  fields: { name: string; number: number; type: string }[];
  reserved?: { number: number; name: string }[];
}

interface ContractRpc {
  input: string;
  output: string;
  clientStreaming?: boolean;
  serverStreaming?: boolean;
}

/** What makes up one element (a file, message, field, enum, value, service or rpc), by name. */
type Facts = Record<string, string | number>;

/**
 * Tells where a compiled contract differs from the table, in either direction: one line for every
 * element that only one of them has, and for every fact in which they disagree. Comments, options
 * and the order of declarations are not compared.
 */
export function compareContract(set: FileDescriptorSet, table: ContractTable): string[] {
  const expected = elementsOfTable(table);
  const found = elementsOfSet(set);
  return [...new Set([...expected.keys(), ...found.keys()])].flatMap((element) => {
    const want = expected.get(element);
    const have = found.get(element);
    if (!want || !have) {
      return `${element}: ${want ? "expected, not found" : "found, not expected"}`;
    }
    return [...new Set([...Object.keys(want), ...Object.keys(have)])]
      .filter((fact) => want[fact] !== have[fact])
      .map((fact) => {
        const [expectedFact, foundFact] = [want[fact] ?? "none", have[fact] ?? "none"];
        return `${element}: ${fact} ${expectedFact} expected, ${foundFact} found`;
      });
  });
}

function elementsOfTable(table: ContractTable): Map<string, Facts> {
  const elements = new Map<string, Facts>();
  const resolve = typeResolver(table);
  for (const [file, { messages = {}, enums = {}, services = {} }] of Object.entries(table)) {
    const pkg = packageOf(file);
    elements.set(file, { package: pkg, syntax: "proto3" });
    for (const [name, { fields, reserved = [] }] of Object.entries(messages)) {
      elements.set(`${pkg}.${name}`, {
        kind: "message",
        file,
        "reserved numbers": list(reserved.map((entry) => entry.number)),
        "reserved names": list(reserved.map((entry) => entry.name)),
      });
      for (const field of fields) {
        const type = field.type.replace(/[\w.]+(?=>?$)/, (last) => resolve(pkg, last));
        elements.set(`${pkg}.${name}.${field.name}`, {
          kind: "field",
          number: field.number,
          type,
          "JSON name": protoCamelCase(field.name),
        });
      }
    }
    for (const [name, values] of Object.entries(enums)) {
      elements.set(`${pkg}.${name}`, { kind: "enum", file, ...nothingReserved });
      for (const [value, number] of Object.entries(values)) {
        elements.set(`${pkg}.${name}.${value}`, { kind: "enum value", number });
      }
    }
    for (const [name, rpcs] of Object.entries(services)) {
      elements.set(`${pkg}.${name}`, { kind: "service", file });
      for (const [rpc, { input, output, clientStreaming, serverStreaming }] of Object.entries(
        rpcs,
      )) {
        elements.set(`${pkg}.${name}.${rpc}`, {
          kind: "rpc",
          request: streamed(clientStreaming, resolve(pkg, input)),
          response: streamed(serverStreaming, resolve(pkg, output)),
        });
      }
    }
  }
  return elements;
}

function elementsOfSet(set: FileDescriptorSet): Map<string, Facts> {
  const elements = new Map<string, Facts>();
  for (const file of set.file) {
    elements.set(file.name, { package: file.package, syntax: file.syntax });
    for (const message of file.messageType) addMessage(elements, file, file.package, message);
    for (const enumeration of file.enumType) addEnum(elements, file, file.package, enumeration);
    for (const extension of file.extension) {
      elements.set(`${file.package}.${extension.name}`, { kind: "extension" });
    }
    for (const service of file.service) {
      elements.set(`${file.package}.${service.name}`, { kind: "service", file: file.name });
      for (const method of service.method) {
        elements.set(`${file.package}.${service.name}.${method.name}`, {
          kind: "rpc",
          request: streamed(method.clientStreaming, method.inputType.slice(1)),
          response: streamed(method.serverStreaming, method.outputType.slice(1)),
        });
      }
    }
  }
  return elements;
}

function addMessage(
  elements: Map<string, Facts>,
  file: FileDescriptorProto,
  scope: string,
  message: DescriptorProto,
): void {
  const name = `${scope}.${message.name}`;
  elements.set(name, {
    kind: "message",
    file: file.name,
    "reserved numbers": list(message.reservedRange.map((r) => range(r.start, r.end - 1))),
    "reserved names": list(message.reservedName),
  });
  for (const field of message.field) {
    elements.set(`${name}.${field.name}`, {
      kind: "field",
      number: field.number,
      type: typeOf(message, field),
      "JSON name": field.jsonName,
    });
  }
  for (const nested of message.nestedType) {
    if (!nested.options?.mapEntry) addMessage(elements, file, name, nested);
  }
  for (const nested of message.enumType) addEnum(elements, file, name, nested);
  for (const extension of message.extension) {
    elements.set(`${name}.${extension.name}`, { kind: "extension" });
  }
}

function addEnum(
  elements: Map<string, Facts>,
  file: FileDescriptorProto,
  scope: string,
  enumeration: EnumDescriptorProto,
): void {
  const name = `${scope}.${enumeration.name}`;
  elements.set(name, {
    kind: "enum",
    file: file.name,
    "reserved numbers": list(enumeration.reservedRange.map((r) => range(r.start, r.end))),
    "reserved names": list(enumeration.reservedName),
  });
  for (const value of enumeration.value) {
    elements.set(`${name}.${value.name}`, { kind: "enum value", number: value.number });
  }
}

/** A field's type as the table spells it, with full type names. */
function typeOf(message: DescriptorProto, field: FieldDescriptorProto): string {
  const scalar = FieldDescriptorProto_Type[field.type].toLowerCase();
  const type = field.typeName === "" ? scalar : field.typeName.slice(1);
  if (field.label === FieldDescriptorProto_Label.REPEATED) {
    const entry = message.nestedType.find((nested) => type.endsWith(`.${nested.name}`));
    const [key, value] = entry?.options?.mapEntry ? entry.field : [];
    if (!entry || !key || !value) return `repeated ${type}`;
    return `map<${typeOf(entry, key)}, ${typeOf(entry, value)}>`;
  }
  if (field.proto3Optional) return `optional ${type}`;
  if (isFieldSet(field, FieldDescriptorProtoSchema.field.oneofIndex)) return `oneof ${type}`;
  return type;
}

/** Finds a table's short type names: first in the package that uses one, then in any other. */
function typeResolver(table: ContractTable): (pkg: string, name: string) => string {
  const declared = Object.entries(table).flatMap(([file, { messages, enums }]) =>
    Object.keys({ ...messages, ...enums }).map((name) => `${packageOf(file)}.${name}`),
  );
  return (pkg, name) => {
    const matches = declared.filter((full) => full.endsWith(`.${name}`));
    const own = matches.find((full) => full === `${pkg}.${name}`);
    if (!own && matches.length > 1) throw new Error(`${name} in ${pkg}: ${matches.join(" or ")}?`);
    return own ?? matches[0] ?? name;
  };
}

function packageOf(file: string): string {
  return file.split("/").slice(0, -1).join(".");
}

function streamed(stream: boolean | undefined, type: string): string {
  return stream ? `stream ${type}` : type;
}

function range(first: number, last: number): string {
  return first === last ? `${first}` : `${first} to ${last}`;
}

function list(items: (string | number)[]): string {
  return items.length === 0 ? "none" : items.join(", ");
}

const nothingReserved = { "reserved numbers": list([]), "reserved names": list([]) };
