import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { fromBinary } from "@bufbuild/protobuf";
import { type FileDescriptorSet, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";

const buf = fileURLToPath(new URL("../../node_modules/.bin/buf", import.meta.url));

/**
 * Compiles a folder of proto files with the installed buf: its own files only, without imports from
 * elsewhere, and with source info.
 */
export async function buildContract(folder: string): Promise<FileDescriptorSet> {
  const { stdout } = await promisify(execFile)(
    buf,
    ["build", folder, "--as-file-descriptor-set", "--exclude-imports", "--output", "-"],
    { encoding: "buffer", maxBuffer: 16 * 1024 * 1024 },
  );
  return fromBinary(FileDescriptorSetSchema, stdout);
}
