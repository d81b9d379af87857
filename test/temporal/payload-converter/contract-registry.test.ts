import { file_google_protobuf_any } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import { contractRegistry } from "../../../src/temporal/payload-converter/index.js";
import { messages, shortName } from "../../redaction/contract.js";

describe("the registry of the contract", () => {
  it.each(messages.map((schema) => [shortName(schema), schema] as const))("has %s", (_, schema) => {
    expect(contractRegistry.getMessage(schema.typeName)).toBe(schema);
  });

  it.each(["Empty", "ListValue", "Struct", "Timestamp", "Value"])(
    "has google.protobuf.%s, which the contract uses",
    (name) => {
      expect(contractRegistry.getMessage(`google.protobuf.${name}`)).toBeDefined();
    },
  );

  it("has nothing that the contract does not use", () => {
    const [any] = file_google_protobuf_any.messages;
    expect(contractRegistry.getMessage(any?.typeName ?? "")).toBeUndefined();
  });
});
