import type { JsonValue } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { isJsonObject } from "../../../src/temporal/payload/is-json-object.js";

describe("a JSON value", () => {
  it.each<JsonValue>([{}, { a: null }])("is an object: %j", (value) => {
    expect(isJsonObject(value)).toBe(true);
  });

  it.each<JsonValue | undefined>([undefined, null, [], [{}], "{}", 0, true])(
    "is no object: %j",
    (value) => {
      expect(isJsonObject(value)).toBe(false);
    },
  );
});
