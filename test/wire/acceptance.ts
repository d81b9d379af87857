import { create, createFileRegistry, type DescMessage, fromBinary } from "@bufbuild/protobuf";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import {
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";
import type { MessageKind } from "../../src/wire/index.js";
import { oldTokenNumber, specNumber, statusNumber, tokenNumber } from "./encode.js";

const schemas = new Map<string, DescMessage>();

/**
 * A schema of nothing but the way to the token, and to the one of the status if asked for. With it,
 * protobuf-es steps over the same bytes as src/wire.
 */
export function bareSchemaOf(kind: MessageKind, withStatus = false): DescMessage {
  const key = `${kind} ${withStatus}`;
  const schema = schemas.get(key) ?? makeBareSchema(kind, withStatus);
  schemas.set(key, schema);
  return schema;
}

function makeBareSchema(kind: MessageKind, withStatus: boolean): DescMessage {
  const label = FieldDescriptorProto_Label.OPTIONAL;
  const bytes = (name: string, number: number) => ({
    name,
    number,
    label,
    type: FieldDescriptorProto_Type.BYTES,
  });
  const message = (name: string, number: number, typeName: string) => ({
    name,
    number,
    label,
    type: FieldDescriptorProto_Type.MESSAGE,
    typeName,
  });
  const file = create(FileDescriptorProtoSchema, {
    name: "bare.proto",
    syntax: "proto3",
    messageType: [
      {
        name: "Execution",
        field: [
          message("spec", specNumber, ".Spec"),
          ...(withStatus ? [message("status", statusNumber, ".Status")] : []),
        ],
      },
      { name: "Spec", field: [bytes("token", tokenNumber(kind))] },
      { name: "Status", field: [bytes("token", oldTokenNumber(kind))] },
    ],
  });
  const name = kind.endsWith("Spec") ? "Spec" : "Execution";
  const schema = createFileRegistry(file, () => undefined).getMessage(name);
  if (!schema) throw new Error(`no message ${name}`);
  return schema;
}

export function accepts(schema: DescMessage, bytes: Uint8Array): boolean {
  try {
    fromBinary(schema, bytes);
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether protobuf-es, on its way through the bytes, reads something that the encoding has no meaning
 * for: a known field with another wire type, a varint of more than 10 bytes, or a message whose last
 * field goes on after its end.
 */
export function libertyTaken(schema: DescMessage, bytes: Uint8Array): boolean {
  const reader = new BinaryReader(bytes);
  try {
    return readMessage(schema, reader, bytes.length);
  } catch {
    return false;
  }
}

function readMessage(schema: DescMessage, reader: BinaryReader, end: number): boolean {
  while (reader.pos < end) {
    const [number, type] = reader.tag();
    const field = schema.fields.find((it) => it.number === number);
    if (!field) {
      if (skip(reader, number, type)) return true;
    } else if (type !== WireType.LengthDelimited) {
      return true;
    } else {
      const contentEnd = reader.uint32() + reader.pos;
      if (!field.message) reader.pos = contentEnd;
      else if (readMessage(field.message, reader, contentEnd)) return true;
    }
  }
  return reader.pos > end && end < reader.len;
}

function skip(reader: BinaryReader, number: number, type: WireType): boolean {
  if (type !== WireType.StartGroup) {
    return reader.skip(type, number).length > 10 && type === WireType.Varint;
  }
  for (;;) {
    const [innerNumber, innerType] = reader.tag();
    if (innerType === WireType.EndGroup) return false;
    if (skip(reader, innerNumber, innerType)) return true;
  }
}
