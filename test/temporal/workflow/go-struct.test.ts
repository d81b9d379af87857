import { describe, expect, it } from "vitest";
import { goStruct } from "../../../src/temporal/workflow/go-struct.js";

describe("a struct that Go has written", () => {
  const { read, value } = goStruct("Struct", {
    Text: "x",
    Empty: "",
    Object: { a: 1 },
    List: [1],
    Null: null,
    Zero: 0,
  });

  it("has values of the types that are asked for", () => {
    expect(read("Text", "string")).toBe("x");
    expect(read("Empty", "string")).toBe("");
    expect(read("Object", "object")).toEqual({ a: 1 });
    expect(value("List")).toEqual([1]);
    expect(value("Zero")).toBe(0);
  });

  it("has nothing where Go has written null, or the key is missing", () => {
    expect(read("Null", "string")).toBeUndefined();
    expect(value("Null")).toBeUndefined();
    expect(read("Missing" as never, "object")).toBeUndefined();
  });

  it.each([
    ["Text", "object", "Text: expected object or null, got string"],
    ["List", "object", "List: expected object or null, got array"],
    ["Object", "string", "Object: expected string or null, got object"],
    ["Zero", "string", "Zero: expected string or null, got number"],
  ] as const)("refuses %s as %s, and shows no value", (key, type, message) => {
    expect(() => read(key, type)).toThrow(new TypeError(message));
  });

  it("is an object", () => {
    expect(() => goStruct("Struct", null as never)).toThrow(
      new TypeError("Struct: expected an object, got null"),
    );
    expect(() => goStruct("Struct", "text" as never)).toThrow(TypeError);
    expect(() => goStruct("Struct", ["text"])).toThrow(
      new TypeError("Struct: expected an object, got array"),
    );
  });
});
