import { fromBinary, toJson } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { ConnectError } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { BadRequestSchema } from "../../src/index.js";

// As google/rpc/error_details.proto numbers the fields.
const violation = new BinaryWriter()
  .tag(1, WireType.LengthDelimited)
  .string("spec.workflow_id")
  .tag(2, WireType.LengthDelimited)
  .string("must not be empty")
  .tag(3, WireType.LengthDelimited)
  .string("string.min_len")
  .finish();
const value = new BinaryWriter().tag(1, WireType.LengthDelimited).bytes(violation).finish();
const expected = [
  { field: "spec.workflow_id", description: "must not be empty", reason: "string.min_len" },
];

test("BadRequestSchema reads the bytes of google.rpc.BadRequest", () => {
  const read = fromBinary(BadRequestSchema, value);
  expect(read.fieldViolations).toMatchObject(expected);
  expect(toJson(BadRequestSchema, read)).toEqual({ fieldViolations: expected });
});

test("BadRequestSchema finds the detail of an error that has come", () => {
  const error = new ConnectError("invalid");
  error.details = [{ type: "google.rpc.BadRequest", value }];
  expect(error.findDetails(BadRequestSchema)[0]?.fieldViolations).toMatchObject(expected);
});
