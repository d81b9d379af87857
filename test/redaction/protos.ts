import {
  create,
  createFileRegistry,
  type DescExtension,
  type DescMessage,
  type DescService,
  type FileRegistry,
  fromBinary,
  type Message,
} from "@bufbuild/protobuf";
import { type Any, AnySchema, anyPack, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { buf } from "../../scripts/buf.js";

/** A message of a type that is known at test time only. */
export type AnyMessage = Message & Record<string, unknown>;

/** The types of protos/, and those of the contract, compiled by buf. */
export const registry: FileRegistry = compile();

function compile(): FileRegistry {
  const config = JSON.stringify({
    version: "v2",
    modules: ["apis", "third_party/protovalidate", "test/redaction/protos"].map((path) => ({
      path,
    })),
  });
  const args = ["--config", config, "--as-file-descriptor-set", "-o", "-"];
  const { status, stdout, stderr } = buf("build", ...args);
  if (status !== 0) throw new Error(`protos do not compile:\n${stderr}`);
  return createFileRegistry(fromBinary(FileDescriptorSetSchema, stdout));
}

/** A message type of protos/, by its short name, or any other one by its full name. */
export function schemaOf(name: string): DescMessage {
  const desc = registry.getMessage(name.includes(".") ? name : `test.redaction.${name}`);
  if (desc === undefined) throw new Error(`there is no message ${name}`);
  return desc;
}

export function extensionOf(name: string): DescExtension {
  const desc = registry.getExtension(`test.redaction.${name}`);
  if (desc === undefined) throw new Error(`there is no extension ${name}`);
  return desc;
}

export function serviceOf(name: string): DescService {
  const desc = registry.getService(`test.redaction.${name}`);
  if (desc === undefined) throw new Error(`there is no service ${name}`);
  return desc;
}

export function make(name: string, init: Record<string, unknown> = {}): AnyMessage {
  return create(schemaOf(name), init as never) as AnyMessage;
}

/** A google.protobuf.Any of that message. */
export function packed(message: AnyMessage): Any {
  return anyPack(schemaOf(message.$typeName), message);
}

/** A google.protobuf.Any of these bytes. */
export function packedBytes(typeName: string, value: Uint8Array): Any {
  return create(AnySchema, { typeUrl: `type.googleapis.com/${typeName}`, value });
}
