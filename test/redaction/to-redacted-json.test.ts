import {
  clone,
  create,
  equals,
  type JsonObject,
  type Message,
  setExtension,
  toJson,
} from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { ExecutionContextSpecSchema, ExecutionValueSchema } from "../../src/executioncontext/v1.js";
import { callbackToken, describeCallbackToken } from "../../src/index.js";
import { toRedactedJson } from "../../src/redaction/index.js";
import {
  WorkflowExecutionSchema,
  WorkflowExecutionSpecSchema,
} from "../../src/workflowexecution/v1.js";
import { findSecrets } from "../find-secrets.js";
import { type Carrier, carriers, taskToken } from "../token/fixtures.js";
import { hidden, misplacements, places, secret, secretFields, secretsWith } from "./cases.js";
import { deepFreeze, errorOf, mark, textOf, withUnknown } from "./fixtures.js";
import {
  type AnyMessage,
  extensionOf,
  make,
  packed,
  packedBytes,
  registry,
  schemaOf,
} from "./protos.js";

const Secrets = schemaOf("Secrets");
const Places = schemaOf("Places");
const bytes = new TextEncoder().encode(hidden);
const described = describeCallbackToken(taskToken);

describe("toRedactedJson", () => {
  it.each(Object.entries(secretFields))("marks the field %s", (name, value) => {
    const jsonName = Secrets.fields.find(({ localName }) => localName === name)?.jsonName as string;
    const json = { [jsonName]: mark, setting: "stays" };
    expect(toRedactedJson(Secrets, secretsWith(name, value))).toStrictEqual(json);
  });

  it("has no mark where nothing is set", () => {
    expect(toRedactedJson(Secrets, make("Secrets"))).toStrictEqual({});
    expect(toRedactedJson(Secrets, secret.left())).toStrictEqual({ setting: "stays" });
  });

  it.each(places)("marks secrets in $place, and nothing else", ({ around, aroundJson }) => {
    const given = make("Places", around(secret.given()));
    expect(toRedactedJson(Places, given)).toEqual(aroundJson(secret.json));
    expect(toRedactedJson(Places, given, { registry })).toEqual(aroundJson(secret.json));
  });

  it("marks values that are secrets, and shows those that are none", () => {
    const message = create(ExecutionContextSpecSchema, {
      data: {
        KEY: { value: hidden, isSecret: true },
        REGION: { value: "eu-1", isSecret: false },
        EMPTY: { isSecret: true },
      },
    });
    expect(toRedactedJson(ExecutionContextSpecSchema, message)).toStrictEqual({
      data: {
        KEY: { value: mark, isSecret: true },
        REGION: { value: "eu-1" },
        EMPTY: { isSecret: true },
      },
    });
  });

  it("marks secrets of messages that their own field's flag makes no secret", () => {
    const given = make("Settings", {
      isSecret: false,
      values: { KEY: { value: hidden, isSecret: true } },
      spec: { callbackToken: taskToken, workflowId: "wfl-1" },
    });
    expect(toRedactedJson(schemaOf("Settings"), given)).toStrictEqual({
      values: { KEY: { value: mark, isSecret: true } },
      spec: { callbackToken: described, workflowId: "wfl-1" },
    });
  });

  it.each([
    ["proto3 optional", "Secrets", { maybe: "" }],
    ["proto2", "Legacy", { text: "", withDefault: "", number: 0 }],
    ["an edition", "Presence", { explicit: "" }],
  ])("tells set from unset, also at the default value: %s", (_, name, init) => {
    const marks = Object.fromEntries(Object.keys(init).map((key) => [key, mark]));
    expect(toRedactedJson(schemaOf(name), make(name, init))).toStrictEqual(marks);
    expect(toRedactedJson(schemaOf(name), make(name))).toStrictEqual({});
  });

  it("marks groups and what is in them", () => {
    const given = make("Legacy", {
      entry: [{ secret: hidden, name: "one" }, { name: "two" }],
      part: { secret: hidden, name: "three" },
      hidden: { secret: hidden },
    });
    expect(toRedactedJson(schemaOf("Legacy"), given)).toStrictEqual({
      entry: [{ secret: mark, name: "one" }, { name: "two" }],
      part: { secret: mark, name: "three" },
      hidden: mark,
    });
    const delimited = make("Presence", { delimited: { secret: hidden }, implicit: hidden });
    expect(toRedactedJson(schemaOf("Presence"), delimited)).toStrictEqual({
      delimited: { secret: mark },
      implicit: mark,
    });
  });

  it("equals toJson for well-known types, but for the secret", () => {
    const { secret, ...shown } = wellKnown;
    const schema = schemaOf("WellKnown");
    expect(toRedactedJson(schema, make("WellKnown", { ...shown, secret }))).toStrictEqual({
      ...(toJson(schema, make("WellKnown", shown)) as JsonObject),
      secret: mark,
    });
    const given = make("WellKnown", shown);
    expect(toRedactedJson(schema, given)).toStrictEqual(toJson(schema, given));
  });

  it.each([
    ["without a registry", {}],
    ["with a registry that knows them", { registry }],
  ])("shows neither unknown fields nor extensions %s", (_, options) => {
    const given = make("Legacy", { name: "x" });
    const extra = make("Extra", { secret: hidden, name: "y" });
    setExtension(given, extensionOf("secret_extension"), hidden);
    setExtension(given, extensionOf("plain_extension"), "plain");
    setExtension(given, extensionOf("message_extension"), extra);
    expect(toJson(schemaOf("Legacy"), given, { registry })).not.toEqual({ name: "x" });
    expect(toRedactedJson(schemaOf("Legacy"), given, options)).toStrictEqual({ name: "x" });

    const execution = create(WorkflowExecutionSchema, { status: { error: "stays" } });
    withUnknown(execution.status as Message, 11, taskToken);
    const json = toRedactedJson(WorkflowExecutionSchema, execution, options);
    expect(json).toStrictEqual({ status: { error: "stays" } });
  });

  it("gives the same JSON each time, and text that can be read back", () => {
    const given = make("Places", places[0]?.around(secret.given()));
    const first = toRedactedJson(Places, given) as JsonObject;
    const text = JSON.stringify(first);
    expect(JSON.parse(text)).toStrictEqual(first);
    first.single = "changed by the caller";
    expect(JSON.stringify(toRedactedJson(Places, given))).toBe(text);
  });

  it("takes a frozen message, and leaves it as it was", () => {
    const init = { ...places[1]?.around(secret.given()), any: packed(secret.given()) };
    const given = deepFreeze(make("Places", init));
    const before = clone(Places, given);
    toRedactedJson(Places, given);
    toRedactedJson(Places, given, { registry });
    expect(equals(Places, given, before, { registry, unknown: true })).toBe(true);
  });
});

describe("a callback token in toRedactedJson", () => {
  it.each(carriers)("is described in a $name", ({ schema, make }: Carrier) => {
    const json = JSON.stringify(toRedactedJson(schema, make(taskToken)));
    const plain = JSON.stringify(toJson(schema, make()));
    expect(json).toContain(`"callbackToken":"${described}"`);
    expect(JSON.stringify(toRedactedJson(schema, make()))).toBe(plain);
    expect(plain).not.toContain("callbackToken");
  });

  it.each([
    ["in a oneof", "ChosenToken", { choice: { case: "callbackToken", value: taskToken } }],
    ["in an optional field", "MaybeToken", { callbackToken: taskToken }],
  ])("is described %s", (_, name, init) => {
    const json = toRedactedJson(schemaOf(name), make(name, init));
    expect(json).toStrictEqual({ callbackToken: described });
  });

  it("is described in an Any", () => {
    const spec = make(WorkflowExecutionSpecSchema.typeName, { callbackToken: taskToken });
    const given = make("Places", { any: packed(spec) });
    expect(toRedactedJson(Places, given, { registry })).toHaveProperty(
      "any.callbackToken",
      described,
    );
  });

  it.each([
    ["that is set, and empty", "MaybeToken", []],
    ["that is too long", "MaybeToken", new Uint8Array(8193)],
    ["that is text", "TextToken", hidden],
    ["that is a list", "ListToken", [bytes]],
  ])("is marked when the field has one %s", (_, name, value) => {
    const message = make(name, { callbackToken: value });
    expect(toRedactedJson(schemaOf(name), message)).toStrictEqual({ callbackToken: mark });
  });

  it.each([
    ["text", hidden],
    ["an array", [...bytes]],
    ["other bytes", new Uint8ClampedArray(bytes)],
    ["an object", { secret: hidden }],
    ["a number", 7],
  ])("is marked when a cast has put %s there", (_, value) => {
    const spec = create(WorkflowExecutionSpecSchema, { workflowId: "wfl-1" });
    Object.assign(spec, { callbackToken: value });
    expect(toRedactedJson(WorkflowExecutionSpecSchema, spec)).toStrictEqual({
      workflowId: "wfl-1",
      callbackToken: mark,
    });
  });

  it("is described as far as a token can be long", () => {
    const callback = callbackToken(new Uint8Array(8192).fill(7));
    const spec = create(WorkflowExecutionSpecSchema, { callbackToken: callback });
    expect(toRedactedJson(WorkflowExecutionSpecSchema, spec)).toStrictEqual({
      callbackToken: describeCallbackToken(callback),
    });
  });
});

describe("google.protobuf.Any in toRedactedJson", () => {
  const typeUrl = "type.googleapis.com/test.redaction.Secrets";
  const shown = { "@type": typeUrl, ...secret.json };
  const anyUrl = "type.googleapis.com/google.protobuf.Any";

  it.each([
    ["a field", (any: unknown) => ({ any })],
    ["a list", (anys: unknown) => ({ anys: [{}, anys] })],
    ["a map", (any: unknown) => ({ anyByName: Object.fromEntries([["__proto__", any]]) })],
  ])("has its secrets marked in %s, or is marked as a whole", (_, around) => {
    const given = make("Places", around(packed(secret.given())));
    expect(toRedactedJson(Places, given, { registry })).toStrictEqual(around(shown));
    expect(toRedactedJson(Places, given)).toStrictEqual(around({ "@type": typeUrl, value: mark }));
  });

  it("has its secrets marked in another Any, in a field or at the top", () => {
    const nested = packed(packed(secret.given()) as unknown as AnyMessage);
    const json = { "@type": anyUrl, value: shown };
    const given = make("Places", { any: nested });
    expect(toRedactedJson(Places, given, { registry })).toStrictEqual({ any: json });
    const Any = schemaOf("google.protobuf.Any");
    expect(toRedactedJson(Any, nested, { registry })).toStrictEqual(json);
    expect(toRedactedJson(Any, nested)).toStrictEqual({ "@type": anyUrl, value: mark });
    const twice = packed(nested as unknown as AnyMessage);
    expect(toRedactedJson(Any, twice, { registry })).toStrictEqual({
      "@type": anyUrl,
      value: json,
    });
  });

  it("has its secrets marked in a message of another Any", () => {
    const inner = make("Places", { anys: [packed(secret.given())] });
    const given = make("Places", { any: packed(inner) });
    expect(toRedactedJson(Places, given, { registry })).toStrictEqual({
      any: { "@type": "type.googleapis.com/test.redaction.Places", anys: [shown] },
    });
  });

  it.each([
    ["the type is not known", packedBytes("test.Unheard", bytes)],
    ["the bytes are not of the type", packedBytes("test.redaction.Secrets", bytes)],
    ["it has no type", create(schemaOf("google.protobuf.Any"), { value: bytes } as never)],
  ])("is marked when %s, also in another Any", (_, any) => {
    const json = { "@type": (any as unknown as { typeUrl: string }).typeUrl, value: mark };
    const nested = packed(any as unknown as AnyMessage);
    expect(toRedactedJson(Places, make("Places", { any }), { registry })).toStrictEqual({
      any: json,
    });
    expect(toRedactedJson(Places, make("Places", { any: nested }), { registry })).toStrictEqual({
      any: { "@type": anyUrl, value: json },
    });
  });

  it.each([
    ["without a secret", packed(make("Plain", { name: "x" }))],
    ["of a type with JSON of its own", packed(make("google.protobuf.Timestamp", { seconds: 7n }))],
    ["that is empty", {}],
  ])("is shown as toJson shows it %s", (_, any) => {
    const given = make("Places", { any });
    const json = toJson(Places, given, { registry });
    expect(toRedactedJson(Places, given, { registry })).toStrictEqual(json);
  });
});

describe("toRedactedJson refuses", () => {
  const value = create(ExecutionValueSchema, { value: hidden, isSecret: true });

  it.each([
    ["another message", value, ExecutionValueSchema.typeName],
    ["text", hidden, "string"],
    ["nothing", undefined, "undefined"],
  ])("%s, and shows nothing of it", (_, message, described) => {
    const error = errorOf(() => toRedactedJson(Places, message as never));
    expect(error).toStrictEqual(new TypeError(`expected test.redaction.Places, got ${described}`));
    expect(findSecrets(textOf(error), [hidden])).toEqual([]);
  });

  it.each(misplacements)(
    "a message of another type in $place, and shows nothing",
    ({ type, given }) => {
      for (const options of [{}, { registry }]) {
        const error = errorOf(() => toRedactedJson(Places, given(value), options));
        const message = `expected test.redaction.${type}, got ${ExecutionValueSchema.typeName}`;
        expect(error).toStrictEqual(new TypeError(message));
        expect(findSecrets(textOf(error), [hidden])).toEqual([]);
      }
    },
  );

  it("a message that has no JSON form, and shows no secret of it", () => {
    const given = make("WellKnown", { time: { seconds: 10n ** 15n }, secret: hidden });
    const error = errorOf(() => toRedactedJson(schemaOf("WellKnown"), given));
    expect(error).toHaveProperty("message", expect.stringContaining("google.protobuf.Timestamp"));
    expect(findSecrets(textOf(error), [hidden])).toEqual([]);
  });
});

const wellKnown = {
  struct: { a: [{ b: null, c: "x" }], secret: "not known to be one" },
  structs: [{ a: 1 }, {}],
  structByName: { name: { a: true } },
  value: { kind: { case: "structValue", value: { fields: {} } } },
  values: [{ kind: { case: "nullValue", value: 0 } }, { kind: { case: "numberValue", value: 7 } }],
  list: { values: [{ kind: { case: "stringValue", value: "x" } }] },
  time: { seconds: 7n, nanos: 5 },
  duration: { seconds: -7n, nanos: -5 },
  mask: { paths: ["spec.workflow_id"] },
  empty: {},
  text: "",
  data: Uint8Array.of(1, 2, 3),
  big: 2n ** 60n,
  truth: false,
  texts: [{ value: "x" }, {}],
  numberByName: { name: { value: 7 } },
  choice: { case: "structChoice", value: { a: "x" } },
  null: 0,
  secret: hidden,
};
