import { equals, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { file_buf_validate_validate } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { expect, test } from "vitest";
import { buf } from "../../scripts/buf.js";

test("buf/validate/validate.proto compiles to the descriptor that protovalidate has", () => {
  const args = ["--exclude-source-info", "--as-file-descriptor-set", "--output", "-"];
  const { status, stdout, stderr } = buf("build", "third_party/protovalidate", ...args);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const { file } = fromBinary(FileDescriptorSetSchema, stdout);
  const printed = file.find(({ name }) => name === "buf/validate/validate.proto");
  expect(printed).toBeDefined();
  if (printed === undefined) return;
  const { proto } = file_buf_validate_validate;
  expect(equals(FileDescriptorProtoSchema, printed, proto)).toBe(true);
});
