import { describe, expect, it } from "vitest";
import {
  executionKinds,
  identified,
  identify,
  idPrefixes,
  kindOfId,
  specField,
  statusField,
  tokenFields,
  typeNames,
} from "../../src/execution/kinds.js";
import { schemas } from "../../src/execution/schemas.js";
import { validateExecution } from "../../src/validation/index.js";
import { kinds } from "../testing/fixtures.js";

describe.each(executionKinds)("the table of a %s", (kind) => {
  const { execution, spec, status } = schemas[kind];
  const numberOf = (message: typeof spec, name: string) =>
    message.fields.find((field) => field.name === name)?.number;

  it("names its messages as the contract does", () => {
    expect(typeNames[kind]).toEqual({
      execution: execution.typeName,
      spec: spec.typeName,
      status: status.typeName,
    });
    expect(execution.name).toBe(kind);
  });

  it("has the numbers of the contract's fields", () => {
    expect([numberOf(execution, "spec"), numberOf(execution, "status")]).toEqual([
      specField,
      statusField,
    ]);
    const [inSpec, formerlyInStatus] = tokenFields[kind];
    expect(numberOf(spec, "callback_token")).toBe(inSpec);
    expect(status.proto.reservedName).toContain("callback_token");
    expect(status.proto.reservedRange.map(({ start }) => start)).toContain(formerlyInStatus);
  });

  it("tells its messages and ids from all others", () => {
    for (const part of ["execution", "spec", "status"] as const) {
      expect(identify(typeNames[kind][part])).toEqual({ kind, part });
      expect(identified({ $typeName: typeNames[kind][part] })).toEqual({ kind, part });
    }
    expect(kindOfId(`${idPrefixes[kind]}-1`)).toBe(kind);
  });

  it("has the prefix that a valid id starts with", () => {
    const { valid } = kinds.find(({ name }) => name === kind) ?? expect.fail(`no fixture: ${kind}`);
    const problems = (id: string) => validateExecution(valid({ id })).map(({ field }) => field);
    expect(problems(`${idPrefixes[kind]}-1`)).toEqual([]);
    expect(problems("ses-1")).toEqual(["metadata"]);
  });
});

describe("what is no execution", () => {
  it.each([undefined, "", "WorkflowExecution", "google.protobuf.Struct", "toString"])(
    "is not taken for one: %s",
    (typeName) => {
      expect(identify(typeName)).toBeUndefined();
      expect(() => identified({ $typeName: typeName as string })).toThrow(TypeError);
    },
  );

  it.each(["", "ses-1", "we", "WEX-1", " wex-1"])("has no execution's id: %j", (id) => {
    expect(kindOfId(id)).toBeUndefined();
  });
});
