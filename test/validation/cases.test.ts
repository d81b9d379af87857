import { createRegistry, fromJson, type JsonValue } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import cases from "../../conformance/validation-cases.json" with { type: "json" };
import { validateMessage } from "../../src/validation/validate-message.js";
import { contractFiles } from "./fixtures.js";

// As a service has them: of the stubs, which carry no rules.
const registry = createRegistry(...contractFiles);

const byPath = (a: { field: string; rule: string }, b: { field: string; rule: string }) =>
  `${a.field} ${a.rule}` < `${b.field} ${b.rule}` ? -1 : 1;

describe("a message of conformance/validation-cases.json", () => {
  it.each(cases)("breaks the rules that it is said to: $name", ({ type, message, violations }) => {
    const schema = registry.getMessage(type);
    if (schema === undefined) throw new Error(`no message ${type}`);
    const found = validateMessage(fromJson(schema, message as JsonValue));
    const expected = [...violations].sort(byPath);
    expect(found.map(({ field, rule }) => ({ field, rule })).sort(byPath)).toEqual(expected);
  });
});
