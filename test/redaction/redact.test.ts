import {
  clone,
  create,
  equals,
  fromBinary,
  hasExtension,
  type Message,
  setExtension,
  toBinary,
} from "@bufbuild/protobuf";
import { anyUnpack, TimestampSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import { AgentExecutionSchema } from "../../src/agentexecution/v1.js";
import { ExecutionContextSpecSchema, ExecutionValueSchema } from "../../src/executioncontext/v1.js";
import { redact } from "../../src/redaction/index.js";
import { WorkflowExecutionSchema } from "../../src/workflowexecution/v1.js";
import { findSecrets } from "../find-secrets.js";
import { executions, taskToken } from "../token/fixtures.js";
import { hidden, misplacements, places, secret, secretFields, secretsWith } from "./cases.js";
import {
  concat,
  deepFreeze,
  errorOf,
  field,
  objectsIn,
  textOf,
  textOfMessage,
  withUnknown,
} from "./fixtures.js";
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
const Legacy = schemaOf("Legacy");
const bytes = new TextEncoder().encode(hidden);

describe("redact", () => {
  it.each(Object.entries(secretFields))("empties the field %s", (name, value) => {
    expect(redact(Secrets, secretsWith(name, value))).toStrictEqual(secret.left());
  });

  it("empties a field of every type that has debug_redact", () => {
    const names = Secrets.fields.filter(({ proto }) => proto.options?.debugRedact);
    expect(Object.keys(secretFields)).toEqual(names.map(({ localName }) => localName));
  });

  it.each(places)("empties fields in $place, and nothing else", ({ around }) => {
    const given = make("Places", around(secret.given()));
    expect(redact(Places, given)).toEqual(make("Places", around(secret.left())));
  });

  it("takes the token out of executions and specs", () => {
    for (const { schema, make } of executions) {
      expect(redact(schema, make(taskToken))).toStrictEqual(make());
    }
    const given = make("Places", {
      choice: { case: "execution", value: { spec: { callbackToken: taskToken } } },
    });
    const left = make("Places", { choice: { case: "execution", value: { spec: {} } } });
    expect(redact(Places, given)).toStrictEqual(left);
  });

  it("takes out values that are secrets, and keeps those that are none", () => {
    const data = {
      KEY: { value: hidden, isSecret: true },
      REGION: { value: "eu-1", isSecret: false },
    };
    const given = create(ExecutionContextSpecSchema, { executionId: "wex-1", data });
    const left = { ...data, KEY: { value: "", isSecret: true } };
    expect(redact(ExecutionContextSpecSchema, given)).toStrictEqual(
      create(ExecutionContextSpecSchema, { executionId: "wex-1", data: left }),
    );
    const { runtimeEnv } = redact(
      AgentExecutionSchema,
      create(AgentExecutionSchema, { spec: { runtimeEnv: data } }),
    ).spec as { runtimeEnv: unknown };
    expect(runtimeEnv).toStrictEqual(
      create(ExecutionContextSpecSchema, { data: left }).data as unknown,
    );
  });

  it.each([
    ["that is set", make("MaybeFlag", { isSecret: true, value: hidden })],
    ["that nobody has set", make("MaybeFlag", { value: hidden })],
    ["of another type", make("TextFlag", { isSecret: "", value: hidden })],
  ])("takes a value out beside a flag %s", (_, message) => {
    const { value } = redact(schemaOf(message.$typeName), message) as AnyMessage;
    expect(value).toBe("");
  });

  it("keeps a value beside an optional flag that is set to false", () => {
    const message = make("MaybeFlag", { isSecret: false, value: "a setting" });
    expect(redact(schemaOf("MaybeFlag"), message)).toStrictEqual(message);
  });

  it("takes secrets out of messages that their own field's flag makes no secret", () => {
    const given = make("Settings", {
      isSecret: false,
      values: { KEY: { value: hidden, isSecret: true } },
      spec: { callbackToken: bytes, workflowId: "wfl-1" },
    });
    const left = make("Settings", {
      values: { KEY: { isSecret: true } },
      spec: { workflowId: "wfl-1" },
    });
    const redacted = redact(schemaOf("Settings"), given);
    expect(findSecrets(textOf(redacted), [hidden])).toEqual([]);
    expect(redacted).toStrictEqual(left);
  });
});

describe("redact of fields with presence", () => {
  it.each([
    ["proto3 optional", "Secrets", { maybe: "" }],
    ["proto2", "Legacy", { text: "", withDefault: "", number: 0 }],
    ["an edition", "Presence", { explicit: "" }],
  ])("leaves none set that was set to the default: %s", (_, name, init) => {
    const schema = schemaOf(name);
    expect(toBinary(schema, make(name, init))).not.toHaveLength(0);
    expect(redact(schema, make(name, init))).toStrictEqual(make(name));
  });

  it("shows the default of a field that was set", () => {
    const redacted = redact(Legacy, make("Legacy", { withDefault: hidden })) as AnyMessage;
    expect(redacted.withDefault).toBe("set at the factory");
  });

  it("empties groups and what is in them", () => {
    const given = make("Legacy", {
      entry: [{ secret: hidden, name: "one" }, { name: "two" }],
      part: { secret: hidden, name: "three" },
      hidden: { secret: hidden },
    });
    expect(redact(Legacy, given)).toStrictEqual(
      make("Legacy", { entry: [{ name: "one" }, { name: "two" }], part: { name: "three" } }),
    );
    const delimited = make("Presence", { delimited: { secret: hidden, number: 7 }, name: "x" });
    expect(redact(schemaOf("Presence"), delimited)).toStrictEqual(
      make("Presence", { delimited: {}, name: "x" }),
    );
  });
});

describe("redact of what a descriptor does not know", () => {
  it.each([
    ["a WorkflowExecution", WorkflowExecutionSchema, 11],
    ["an AgentExecution", AgentExecutionSchema, 10],
  ])("takes the token out of the status of %s, where old services put it", (_, schema, no) => {
    const given = create(schema, { status: { error: "stays" } });
    withUnknown(given.status as Message, no, taskToken);
    const redacted = redact(schema, given);
    expect(redacted).toStrictEqual(create(schema, { status: { error: "stays" } }));
    expect(findSecrets(textOfMessage(schema, redacted), [taskToken])).toEqual([]);
  });

  it.each(places)("takes unknown fields out of a message in $place", ({ around }) => {
    const given = make("Places", around(withUnknown(secret.left(), 900, bytes)));
    expect(redact(Places, given)).toEqual(make("Places", around(secret.left())));
  });

  it("takes them out of messages that can hold no other secret", () => {
    const unknown = <M extends Message>(message: M) => withUnknown(message, 900, bytes);
    const given = make("WellKnown", {
      time: unknown(create(TimestampSchema, { seconds: 7n })),
      texts: [unknown(make("google.protobuf.StringValue", { value: "x" }))],
      value: unknown(
        make("google.protobuf.Value", {
          kind: { case: "listValue", value: unknown(make("google.protobuf.ListValue")) },
        }),
      ),
    });
    expect(redact(schemaOf("WellKnown"), unknown(given))).toStrictEqual(
      make("WellKnown", {
        time: { seconds: 7n },
        texts: [{ value: "x" }],
        value: { kind: { case: "listValue", value: {} } },
      }),
    );
  });

  it.each([
    ["without a registry", {}],
    ["with a registry that knows them", { registry }],
  ])("takes extensions out %s", (_, options) => {
    const given = make("Legacy", { name: "x" });
    const extra = make("Extra", { secret: hidden, name: "y" });
    setExtension(given, extensionOf("secret_extension"), hidden);
    setExtension(given, extensionOf("message_extension"), extra);
    setExtension(given, extensionOf("message_extensions"), [extra]);
    const redacted = redact(Legacy, given, options);
    expect(hasExtension(given, extensionOf("secret_extension"))).toBe(true);
    expect(redacted).toStrictEqual(make("Legacy", { name: "x" }));
  });
});

describe("redact of google.protobuf.Any", () => {
  it.each([
    ["a field", (any: unknown) => ({ any })],
    ["a list", (any: unknown) => ({ anys: [{}, any] })],
    ["a map", (any: unknown) => ({ anyByName: { key: any } })],
    [
      "another Any",
      (any: unknown) => ({ any: packed(make("Places", { any: packed(any as AnyMessage) })) }),
    ],
  ])("empties what is in one of a known type in %s", (_, around) => {
    const given = make("Places", around(packed(secret.given())));
    const left = make("Places", around(packed(secret.left())));
    expect(redact(Places, given, { registry })).toStrictEqual(left);
  });

  it("empties what is in an Any itself", () => {
    const Any = schemaOf("google.protobuf.Any");
    const any = packed(packed(secret.given()) as unknown as AnyMessage);
    expect(redact(Any, any, { registry })).toStrictEqual(
      packed(packed(secret.left()) as unknown as AnyMessage),
    );
  });

  it.each([
    ["no registry is given", packed(secret.given()), undefined],
    ["the type is not known", packedBytes("test.Unheard", bytes), registry],
    ["the bytes are not of the type", packedBytes("test.redaction.Secrets", bytes), registry],
    ["it has no type", { typeUrl: "", value: bytes }, registry],
  ])("leaves nothing when %s", (_, any, known) => {
    const given = make("Places", { any, anys: [any], plain: { name: "x" } });
    const left = make("Places", { any: {}, anys: [{}], plain: { name: "x" } });
    expect(redact(Places, given, known && { registry: known })).toStrictEqual(left);
  });

  it("keeps one that holds no secret", () => {
    const any = packed(make("Plain", { name: "x" }));
    const given = make("Places", { any, anys: [any, {}] });
    expect(redact(Places, given, { registry })).toStrictEqual(given);
  });

  const env = (...entry: Uint8Array[]) => field(5, concat(field(1, "KEY"), ...entry));
  it.each([
    [
      "a token that an empty one follows",
      "ai.stigmer.agentic.workflowexecution.v1.WorkflowExecutionSpec",
      concat(field(7, bytes), field(7, "")),
    ],
    [
      "a value that another one of the same name follows",
      "ai.stigmer.agentic.workflowexecution.v1.WorkflowExecutionSpec",
      concat(env(field(2, field(1, bytes))), env(field(2, field(1, "x")))),
    ],
    [
      "an unknown field of a map's entry",
      "ai.stigmer.agentic.workflowexecution.v1.WorkflowExecutionSpec",
      env(field(9, bytes)),
    ],
    [
      "a choice that another one follows",
      "test.redaction.Secrets",
      concat(field(14, bytes), field(16, "a setting")),
    ],
  ])("leaves no bytes of %s", (_, typeName, value) => {
    const given = make("Places", { any: packedBytes(typeName, value) });
    const redacted = redact(Places, given, { registry }) as AnyMessage;
    expect(findSecrets(textOf(given), [bytes])).not.toEqual([]);
    expect(findSecrets(textOf(redacted), [bytes])).toEqual([]);
    expect(anyUnpack(redacted.any as never, registry)?.$typeName).toBe(typeName);
  });

  it("takes the unknown fields out of one, and out of what it holds", () => {
    const any = packed(withUnknown(secret.left(), 900, bytes));
    const given = make("Places", { any: withUnknown(any, 900, bytes) });
    const left = make("Places", { any: packed(secret.left()) });
    expect(redact(Places, given, { registry })).toStrictEqual(left);
  });
});

describe("the copy of redact", () => {
  const full = () =>
    withUnknown(
      make("Places", {
        ...Object.assign({}, ...places.map(({ around }) => around(secret.given()))),
        any: packed(secret.given()),
        anys: [packed(make("Plain", { name: "x" }))],
        plain: { name: "y" },
      }),
      900,
      bytes,
    );
  const wellKnown = () =>
    make("WellKnown", {
      struct: { a: [{ b: null }] },
      structs: [{ a: 1 }],
      data: [1, 2, 3],
      value: { kind: { case: "structValue", value: { fields: {} } } },
    });
  const legacy = () => make("Legacy", { part: { secret: hidden, name: "x" }, text: hidden });
  const all: [string, () => AnyMessage][] = [
    ["Places", full],
    ["WellKnown", wellKnown],
    ["Legacy", legacy],
    ["WorkflowExecution", () => executions[0]?.make(taskToken) as unknown as AnyMessage],
  ];

  it.each(all)("shares nothing with the %s that it is of", (_, given) => {
    const message = given();
    const copy = redact(schemaOf(message.$typeName), message, { registry });
    const shared = objectsIn(message);
    expect([...objectsIn(copy)].filter((object) => shared.has(object))).toEqual([]);
  });

  it.each(all)("is made of a frozen %s, and leaves it as it was", (_, given) => {
    const message = deepFreeze(given());
    const schema = schemaOf(message.$typeName);
    const before = clone(schema, message);
    redact(schema, message, { registry });
    expect(equals(schema, message, before, { registry, unknown: true })).toBe(true);
    expect(message).toStrictEqual(given());
  });

  it("can be encoded, decoded and redacted again without a difference", () => {
    const once = redact(Places, full(), { registry });
    expect(fromBinary(Places, toBinary(Places, once))).toStrictEqual(once);
    expect(redact(Places, once, { registry })).toStrictEqual(once);
  });
});

describe("redact refuses", () => {
  const value = create(ExecutionValueSchema, { value: hidden, isSecret: true });

  it.each([
    ["another message", value, ExecutionValueSchema.typeName],
    ["a plain object", { single: secret.given() }, "a plain object"],
    ["text", hidden, "string"],
    ["nothing", undefined, "undefined"],
    ["null", null, "null"],
  ])("%s, and shows nothing of it", (_, message, described) => {
    const error = errorOf(() => redact(Places, message as never));
    expect(error).toStrictEqual(new TypeError(`expected test.redaction.Places, got ${described}`));
    expect(findSecrets(textOf(error), [hidden])).toEqual([]);
  });

  it.each(misplacements)(
    "a message of another type in $place, and shows nothing",
    ({ type, given }) => {
      const error = errorOf(() => redact(Places, given(value)));
      const message = `expected test.redaction.${type}, got ${ExecutionValueSchema.typeName}`;
      expect(error).toStrictEqual(new TypeError(message));
      expect(findSecrets(textOf(error), [hidden])).toEqual([]);
    },
  );
});
