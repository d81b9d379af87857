import {
  createRegistry,
  equals,
  fromJson,
  type JsonWriteOptions,
  toBinary,
  toJson,
} from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { fill } from "../fill.js";
import {
  asBinary,
  asJson,
  base64,
  byName,
  decode,
  type Execution,
  type Kind,
  kinds,
} from "../kinds.js";
import type { Answer, Program } from "../program.js";
import { vectors } from "../vectors.js";

const cases = kinds.flatMap((kind) =>
  Object.entries(vectors).map(
    ([vector, make]) => [`${kind.name} ${vector}`, kind, make(kind)] as const,
  ),
);

/** What TypeScript writes, the program reads and writes back; what the program writes, TypeScript reads. */
export function describeMessages(program: () => Program): void {
  describe("binary, with unknown fields", () => {
    it.each(cases)("comes back: a %s", async (_, kind, execution) => {
      const request = asBinary(kind, execution);
      const answer = await program().ask({ op: "rewrite", ...request });
      expectSame(kind, answer, execution);
    });

    it.each(byName)("comes: a %s with every field set", async (_, kind) => {
      const answer = await program().ask({ op: "fill", type: kind.typeName });
      expectSame(kind, answer, fill<Kind>(kind));
    });
  });

  describe("JSON", () => {
    it.each(cases)("comes back: a %s", async (_, kind, execution) => {
      const json = toJson<Kind>(kind, execution);
      const answer = await program().ask({ op: "rewrite", ...asJson(kind, json) });
      // JSON has no unknown fields.
      expectSame(kind, answer, fromJson<Kind>(kind, json));
    });

    it.each(byName)("comes back: a %s with the names of the proto", async (_, kind) => {
      const execution = fill<Kind>(kind);
      const json = toJson<Kind, Partial<JsonWriteOptions>>(kind, execution, {
        useProtoFieldName: true,
      });
      const answer = await program().ask({ op: "rewrite", ...asJson(kind, json) });
      expectSame(kind, answer, execution);
    });
  });
}

function expectSame(kind: Kind, { binary, json }: Answer, execution: Execution): void {
  const decoded = decode(kind, binary);
  // Compared first, as it is what a failure shows best.
  expect(toJson<Kind>(kind, decoded)).toEqual(toJson<Kind>(kind, execution));
  expect(JSON.parse(json)).toEqual(toJson<Kind>(kind, execution));
  expect(equals<Kind>(kind, decoded, execution, { unknown: true, registry })).toBe(true);
  expect(binary.length).toBe(base64(toBinary<Kind>(kind, execution)).length);
}

const registry = createRegistry();
