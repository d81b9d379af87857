import { create, equals, fromBinary, toBinary, toJson } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { redact, toRedactedJson } from "../../src/redaction/index.js";
import { restoreSecrets } from "../../src/redaction/restore-secrets.js";
import { hidden } from "./cases.js";
import { mark } from "./fixtures.js";
import { make, packed, packedBytes, registry, schemaOf } from "./protos.js";

const Demanding = schemaOf("Demanding");
const Places = schemaOf("Places");

const full = () => ({
  text: hidden,
  data: new TextEncoder().encode(hidden),
  number: 7n,
  level: 4,
  inner: { name: hidden, more: hidden, deeper: { number: 7 }, secret: hidden },
  part: { secret: hidden },
  name: "stays",
});
const demanding = () => make("Demanding", { ...full(), nested: full() });
const left = { text: "", number: 0n, level: 3, name: "stays", part: { secret: "" } };
const marked = { text: mark, data: mark, number: mark, level: mark, inner: mark, part: mark };
const json = { ...marked, name: "stays", nested: { ...marked, name: "stays" } };

describe("a required secret", () => {
  it("is emptied by redact, so that the message can be encoded", () => {
    const safe = redact(Demanding, demanding());
    expect(safe).toMatchObject({
      ...left,
      inner: { name: "", deeper: { number: 0 }, secret: "" },
      nested: left,
    });
    const bytes = toBinary(Demanding, safe);
    expect(Buffer.from(bytes).includes(hidden)).toBe(false);
    expect(equals(Demanding, fromBinary(Demanding, bytes), safe)).toBe(true);
    expect(JSON.stringify(toJson(Demanding, safe))).not.toContain(hidden);
  });

  it("is marked in JSON", () => {
    expect(toRedactedJson(Demanding, demanding())).toEqual(json);
  });

  it("is emptied and marked in an Any", () => {
    const given = make("Places", { any: packed(demanding()) });
    const { any } = redact(Places, given, { registry }) as unknown as {
      any: { value: Uint8Array };
    };
    expect(fromBinary(Demanding, any.value)).toMatchObject(left);
    const typeUrl = "type.googleapis.com/test.redaction.Demanding";
    expect(toRedactedJson(Places, given, { registry })).toEqual({
      any: { "@type": typeUrl, ...json },
    });
  });

  it("is put back by restoreSecrets, and only where it is empty", () => {
    const message = redact(Demanding, demanding());
    Object.assign(message, { number: 8n });
    expect(restoreSecrets(Demanding, message, demanding())).toBe(true);
    const expected = demanding();
    Object.assign(expected, { number: 8n });
    expect(message).toEqual(expected);
    expect(restoreSecrets(Demanding, message, demanding())).toBe(false);
  });

  it("is emptied also in an edition, and of a type that nothing can be of", () => {
    const schema = schemaOf("RequiredSecret");
    const safe = redact(schema, make("RequiredSecret", { value: hidden }));
    expect(toBinary(schema, safe)).toEqual(Uint8Array.of(10, 0));
    const Endless = schemaOf("Endless");
    expect(redact(Endless, make("Endless", { endless: {} }))).toHaveProperty("endless");
  });

  it("that is missing is not made up", () => {
    expect(Object.hasOwn(redact(Demanding, create(Demanding)), "text")).toBe(false);
  });
});

it("an Any without what its type requires is taken out as one of an unknown type", () => {
  const bytes = new TextEncoder().encode(hidden);
  // Only the field 1 of the seven that are required.
  const value = Uint8Array.of(10, bytes.length, ...bytes);
  const given = make("Places", { any: packedBytes("test.redaction.Demanding", value) });
  expect(redact(Places, given, { registry })).toEqual(redact(Places, given));
  expect(toRedactedJson(Places, given, { registry })).toEqual(toRedactedJson(Places, given));
});

describe.each([
  ["proto3 optional", "MaybeFlag"],
  ["proto2", "LegacyFlag"],
  ["proto2 with a default", "DefaultFlag"],
  ["an edition", "ExplicitFlag"],
])("is_secret in %s", (_, name) => {
  it("makes a secret of its message's value unless it is set to false", () => {
    const schema = schemaOf(name);
    const shown = [{}, { isSecret: true }, { isSecret: false }].map((flag) => {
      const given = make(name, { ...flag, value: "x" });
      const json = toRedactedJson(schema, given) as { value: string };
      return [(redact(schema, given) as unknown as { value?: string }).value || "", json.value];
    });
    expect(shown).toEqual([
      ["", mark],
      ["", mark],
      ["x", "x"],
    ]);
  });

  it("lets a value be restored unless it is set to false", () => {
    const schema = schemaOf(name);
    const restored = [{}, { isSecret: true }, { isSecret: false }].map((flag) =>
      restoreSecrets(schema, make(name, flag), make(name, { value: "x" })),
    );
    expect(restored).toEqual([true, true, false]);
  });
});

it("is_secret that cannot be unset is false when it is not true", () => {
  const schema = schemaOf("ImplicitFlag");
  expect(redact(schema, make("ImplicitFlag", { value: "x" }))).toMatchObject({ value: "x" });
  expect(toRedactedJson(schema, make("ImplicitFlag", { isSecret: true, value: "x" }))).toEqual({
    isSecret: true,
    value: mark,
  });
});
