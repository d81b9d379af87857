import {
  create,
  createFileRegistry,
  type DescMessage,
  fromBinary,
  fromJsonString,
} from "@bufbuild/protobuf";
import {
  type Any,
  anyUnpack,
  type FileDescriptorProto,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import { textOf } from "../text-of.js";
import type { Format } from "./answer.js";
import type { Value } from "./encode.js";
import { locationOf } from "./location.js";
import { optionReader } from "./option-reader.js";
import { optionsOf, type SentOption } from "./options.js";
import { createProtocolRegistry } from "./protocol-registry.js";
import type { Files, Rule } from "./rule.js";

interface CheckRequest {
  readonly fileDescriptors: readonly FileDescriptor[];
  readonly againstFileDescriptors: readonly FileDescriptor[];
  readonly options: readonly SentOption[];
  readonly ruleIds: readonly string[];
}

interface FileDescriptor {
  readonly fileDescriptorProto?: FileDescriptorProto;
  readonly isImport: boolean;
}

/** Runs the rules that the request asks for. Returns a buf.plugin.check.v1.CheckResponse. */
export function check(request: Uint8Array, format: Format, rules: readonly Rule[]): Value {
  const decoded = decode(request, format);
  const { fileDescriptors, againstFileDescriptors, ruleIds } = decoded;
  const unknown = ruleIds.filter((id) => rules.every((rule) => rule.id !== id));
  if (unknown.length > 0) throw new Error(`no rule has the id ${unknown.join(", ")}`);
  const options = optionsOf(decoded.options, rules);
  const files = filesOf(fileDescriptors);
  const against = filesOf(againstFileDescriptors);
  const annotations = rules
    .filter(({ id }) => ruleIds.length === 0 || ruleIds.includes(id))
    .filter(({ type }) => type === "lint" || againstFileDescriptors.length > 0)
    .flatMap((rule) =>
      [...rule.check(files, against, options)].map(({ at, was, message }) => ({
        rule_id: rule.id,
        message,
        file_location: at && locationOf(at),
        against_file_location: was && locationOf(was),
      })),
    );
  return { annotations };
}

function decode(bytes: Uint8Array, format: Format): CheckRequest {
  const expected = "buf.plugin.check.v1.CheckRequest";
  const registry = createProtocolRegistry();
  const [requestSchema, checkSchema] = ["pluginrpc.v1.Request", expected].map((name) => {
    const schema = registry.getMessage(name);
    if (schema === undefined) throw new Error(`${name} is not declared`);
    return schema;
  }) as [DescMessage, DescMessage];
  const options = { registry, ignoreUnknownFields: true };
  return explained(`expected a ${expected} in format ${format} on stdin`, () => {
    const request =
      format === "json"
        ? fromJsonString(requestSchema, new TextDecoder().decode(bytes), options)
        : fromBinary(requestSchema, bytes);
    const { value } = request as unknown as { value?: Any };
    const found = value && anyUnpack(value, checkSchema);
    if (found === undefined) throw new Error(value?.typeUrl || "nothing");
    return found as unknown as CheckRequest;
  });
}

/** What the function returns, or its error with what was expected before it. */
function explained<T>(expected: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw new Error(`${expected}, got: ${textOf(error)}`);
  }
}

function filesOf(given: readonly FileDescriptor[]): Files {
  // buf gives them in any order, and findings must not depend on it.
  const nameOf = ({ fileDescriptorProto }: FileDescriptor) => fileDescriptorProto?.name ?? "";
  const descriptors = [...given].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const protos = descriptors.map(({ fileDescriptorProto }) => {
    if (fileDescriptorProto === undefined)
      throw new Error("expected a file, got one without content");
    return fileDescriptorProto;
  });
  const registry = explained("expected descriptors of files and of all their imports", () =>
    createFileRegistry(create(FileDescriptorSetSchema, { file: sorted(protos) })),
  );
  const checked = descriptors
    .filter(({ isImport }) => !isImport)
    .flatMap(({ fileDescriptorProto }) => registry.getFile(fileDescriptorProto?.name ?? "") ?? []);
  return {
    checked,
    known: [...registry.files],
    message: (typeName) => registry.getMessage(typeName),
    enum: (typeName) => registry.getEnum(typeName),
    extension: (typeName) => registry.getExtension(typeName),
    service: (typeName) => registry.getService(typeName),
    option: optionReader(registry),
  };
}

/** The files in an order in which each stands behind those that it imports. */
function sorted(files: readonly FileDescriptorProto[]): FileDescriptorProto[] {
  const byName = new Map(files.map((file) => [file.name, file]));
  const done = new Set<FileDescriptorProto>();
  const visit = (file: FileDescriptorProto | undefined) => {
    if (file === undefined || !byName.delete(file.name)) return;
    for (const name of file.dependency) visit(byName.get(name));
    done.add(file);
  };
  for (const file of files) visit(file);
  return [...done];
}
