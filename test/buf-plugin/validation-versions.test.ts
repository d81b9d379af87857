import { expect, test } from "vitest";
import { check } from "../../src/buf-plugin/check.js";
import { rules } from "../../src/buf-plugin/rules/index.js";
import { compile, requestOf } from "./request.js";

// As protovalidate declared it before its first release, cut down.
const former = `syntax = "proto2";
package buf.validate;
import "google/protobuf/descriptor.proto";
extend google.protobuf.FieldOptions { optional FieldConstraints field = 1159; }
message FieldConstraints {
  optional bool skipped = 24;
  optional bool required = 25;
  oneof type { StringRules string = 14; }
}
message StringRules { optional uint64 min_len = 2; optional uint64 to_come = 999; }
`;

/** What the rule says of a field whose options have changed. */
function found(before: string, after: string): string[] {
  const [files = [], against = []] = [after, before].map((options) =>
    compile({
      "validate.proto": former,
      "a.proto": `syntax = "proto3"; package acme.v1; import "validate.proto";
        message Order { string id = 1${options}; }`,
    }),
  );
  const ruleIds = ["STIGMER_VALIDATION_NOT_STRICTER"];
  const { annotations } = check(requestOf({ files, against, ruleIds }), "binary", rules) as {
    annotations: readonly { message: string }[];
  };
  return annotations.map(({ message }) => /stricter rules: (.*?)\. /.exec(message)?.[1] ?? message);
}

const field = "(buf.validate.field)";

test.each([
  [
    "a length",
    ` [${field}.string.min_len = 1]`,
    ` [${field}.string.min_len = 2]`,
    "string.min_len is 2 and was 1",
  ],
  ["required", "", ` [${field}.required = true]`, "required is new"],
  ["a switch of that time that is gone", ` [${field}.skipped = true]`, "", "skipped has changed"],
  ["a rule to come", "", ` [${field}.string.to_come = 1]`, "string.to_come is new"],
])("rules of another version of protovalidate are compared: %s", (_, before, after, text) => {
  expect(found(before, after)).toEqual([text]);
  expect(found(after, after)).toEqual([]);
});
