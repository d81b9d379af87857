import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, fromBinary, fromJson, toBinary, toJson } from "@bufbuild/protobuf";
import {
  AnySchema,
  type FileDescriptorProto,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import { check } from "../../src/buf-plugin/check.js";
import { rules } from "../../src/buf-plugin/rules/index.js";
import { descOf, registry } from "./pluginrpc.js";
import { bufPath } from "./run.js";

/** The files of a proto project, compiled by buf. */
export function compile(files: Readonly<Record<string, string>>): FileDescriptorProto[] {
  const folder = mkdtempSync(join(tmpdir(), "buf-plugin-stigmer-"));
  try {
    for (const [name, source] of Object.entries(files)) writeFileSync(join(folder, name), source);
    const args = ["build", ".", "--config", '{"version":"v2"}', "--as-file-descriptor-set"];
    const image = execFileSync(bufPath, [...args, "-o", "-"], {
      cwd: folder,
      maxBuffer: 2 ** 28,
    });
    return fromBinary(FileDescriptorSetSchema, image).file;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export interface Request {
  readonly files?: readonly FileDescriptorProto[];
  readonly against?: readonly FileDescriptorProto[];
  /** The rules to run, so that no rule to come changes what a test expects. None stands for all. */
  readonly ruleIds: readonly string[];
  readonly future?: readonly string[];
}

/** A pluginrpc.v1.Request with a CheckRequest, written by protobuf-es with other descriptors. */
export function requestOf({ files = [], against = [], ruleIds, future = [] }: Request) {
  const descriptors = (protos: readonly FileDescriptorProto[]) =>
    protos.map((proto) => ({ fileDescriptorProto: proto }));
  const checkRequest = create(descOf("buf.plugin.check.v1.CheckRequest"), {
    fileDescriptors: descriptors(files),
    againstFileDescriptors: descriptors(against),
    ruleIds,
    fromTheFuture: future,
  } as Record<string, unknown>);
  return wrap(
    "buf.plugin.check.v1.CheckRequest",
    toBinary(descOf(checkRequest.$typeName), checkRequest),
  );
}

/** A pluginrpc.v1.Request with an Any of that type. */
export function wrap(typeName: string, value: Uint8Array): Uint8Array<ArrayBuffer> {
  const any = create(AnySchema, { typeUrl: `type.googleapis.com/${typeName}`, value });
  const request = create(descOf("pluginrpc.v1.Request"), { value: any } as Record<string, unknown>);
  return toBinary(descOf("pluginrpc.v1.Request"), request);
}

/** The same request in the JSON format. */
export function toJsonRequest(request: Uint8Array): string {
  const desc = descOf("pluginrpc.v1.Request");
  return JSON.stringify(toJson(desc, fromBinary(desc, request), { registry }));
}

export interface Annotation {
  readonly ruleId: string;
  readonly message: string;
  readonly fileLocation?: { readonly fileName: string; readonly sourcePath: number[] };
}

/** What a response says, as JSON, whatever its format. */
export function decodeResponse(response: Uint8Array | string): {
  value: Record<string, unknown> & { annotations?: Annotation[] };
} {
  const desc = descOf("pluginrpc.v1.Response");
  const message =
    typeof response === "string"
      ? fromJson(desc, JSON.parse(response), { registry })
      : fromBinary(desc, response);
  return toJson(desc, message, { registry }) as ReturnType<typeof decodeResponse>;
}

/** How often a rule finds something in what one file has become. */
export function findingsOf(ruleId: string, before: string, after: string): number {
  const [files = [], against = []] = [after, before].map((proto) => compile({ "a.proto": proto }));
  const { annotations } = check(
    requestOf({ files, against, ruleIds: [ruleId] }),
    "binary",
    rules,
  ) as { annotations: readonly unknown[] };
  return annotations.length;
}
