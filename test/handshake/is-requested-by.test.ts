import {
  create,
  type DescField,
  type DescMessage,
  type Message,
  ScalarType,
} from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { AgentExecutionSpecSchema } from "../../src/agentexecution/v1.js";
import { ApiResourceOwnerScope } from "../../src/apiresource.js";
import { copyOf } from "../../src/execution/copy-of.js";
import type { Execution } from "../../src/execution/execution.js";
import { isRequestedBy } from "../../src/handshake/is-requested-by.js";
import { redact } from "../../src/redaction/index.js";
import { WorkflowExecutionSpecSchema } from "../../src/workflowexecution/v1.js";
import { field as encodedField, withUnknown } from "../redaction/fixtures.js";
import { kinds, newToken, present } from "../testing/fixtures.js";

/** A field of a spec, at any depth, and two values that it may have. */
interface Place {
  readonly path: string;
  readonly isSecret: boolean;
  set(message: Message, value: 0 | 1): void;
}

type Properties = Record<string, unknown>;

/** Every field that a message of this type has, in the messages in it too. */
function placesIn(desc: DescMessage): Place[] {
  return desc.fields.flatMap((field) => placesOf(field, desc));
}

function placesOf(field: DescField, desc: DescMessage): Place[] {
  const { localName, name: path, message: nested } = field;
  const isMap = field.fieldKind === "map";
  if (nested === undefined || nested.typeName === "google.protobuf.Struct") {
    const values = samplesOf(field);
    const put = (message: Message, value: 0 | 1) => {
      const wrapped = isMap ? { KEY: values[value] } : values[value];
      (message as unknown as Properties)[localName] =
        field.fieldKind === "list" ? [wrapped] : wrapped;
    };
    const isSecret = field.proto.options?.debugRedact === true;
    const flag = desc.fields.find(({ name }) => name === "is_secret");
    if (!isSecret || flag === undefined) return [{ path, isSecret, set: put }];
    // Beside a flag, a value is a secret or not.
    const flagged = (message: Message, value: 0 | 1) => {
      put(message, value);
      (message as unknown as Properties)[flag.localName] = true;
    };
    return [
      { path: `${path} (no secret)`, isSecret: false, set: put },
      { path: `${path} (secret)`, isSecret: true, set: flagged },
    ];
  }
  const inner = (message: Message): Message => {
    const properties = message as unknown as Properties;
    if (field.fieldKind === "list") throw new Error(`${field} is a list: not foreseen`);
    if (!isMap) {
      properties[localName] ??= create(nested);
      return properties[localName] as Message;
    }
    const entries = properties[localName] as Properties;
    entries.KEY ??= create(nested);
    return entries.KEY as Message;
  };
  return placesIn(nested).map((place) => ({
    path: `${path}.${place.path}`,
    isSecret: place.isSecret || field.proto.options?.debugRedact === true,
    set: (message, value) => place.set(inner(message), value),
  }));
}

function samplesOf(field: DescField): readonly [unknown, unknown] {
  if (field.message !== undefined) return [{ a: 1 }, { a: 2 }];
  if (field.enum !== undefined) return [1, 2];
  switch (field.scalar) {
    case ScalarType.STRING:
      return ["one", "two"];
    case ScalarType.BYTES:
      return [Uint8Array.of(1), Uint8Array.of(2)];
    case ScalarType.BOOL:
      // Another value than true is to leave it out.
      return [true, false];
    case ScalarType.INT64:
    case ScalarType.UINT64:
      return [1n, 2n];
    default:
      return [1, 2];
  }
}

const specs = { wex: WorkflowExecutionSpecSchema, aex: AgentExecutionSpecSchema } as const;

describe.each(kinds)("a $name", (kind) => {
  const schema = specs[kind.idPrefix];
  const places = placesIn(schema);
  const id = `${kind.idPrefix}-1`;

  function withSpec(build: (spec: Message) => void): Execution {
    const execution = kind.valid({ id });
    const spec = create(schema as DescMessage);
    build(spec);
    execution.spec = spec as never;
    return execution;
  }
  const full = (except?: Place) =>
    withSpec((spec) => {
      for (const place of places) if (place !== except) place.set(spec, 0);
      except?.set(spec, 1);
    });

  it("has every field of its spec looked at", () => {
    const top = new Set(places.map(({ path }) => path.split(".")[0]));
    expect([...top].sort()).toEqual(schema.fields.map(({ name }) => name).sort());
    expect(places.filter(({ isSecret }) => isSecret).map(({ path }) => path)).toEqual([
      "runtime_env.value (secret)",
      "callback_token",
    ]);
  });

  it("is requested by what it was created by", () => {
    expect(isRequestedBy(full(), full())).toBe(true);
    expect(isRequestedBy(kind.valid({ id, token: newToken() }), kind.valid({ id }))).toBe(true);
  });

  it.each(places.filter(({ isSecret }) => !isSecret))(
    "is not requested by another value of $path",
    (place) => {
      const one = withSpec((spec) => place.set(spec, 0));
      const two = withSpec((spec) => place.set(spec, 1));
      expect(isRequestedBy(two, one)).toBe(false);
      expect(
        isRequestedBy(
          withSpec(() => {}),
          one,
        ),
      ).toBe(false);
      // In a spec that is full, this value is a secret.
      if (!place.path.endsWith("(no secret)")) {
        expect(isRequestedBy(full(place), full())).toBe(false);
      }
    },
  );

  it.each(places.filter(({ isSecret }) => isSecret))(
    "is requested by another value of $path, which may have been rotated",
    (place) => {
      const one = withSpec((spec) => place.set(spec, 0));
      const two = withSpec((spec) => place.set(spec, 1));
      expect(isRequestedBy(two, one)).toBe(true);
      expect(isRequestedBy(full(place), full())).toBe(true);
    },
  );

  it.each(places)("is requested by what leaves $path open, for the service to resolve", (place) => {
    const resolved = withSpec((spec) => place.set(spec, 0));
    expect(
      isRequestedBy(
        resolved,
        withSpec(() => {}),
      ),
    ).toBe(true);
  });

  it("is requested by what it was created by also where its secrets are withheld", () => {
    const withheld = full();
    withheld.spec = redact(schema as DescMessage, withheld.spec as never) as never;
    expect(isRequestedBy(withheld, full())).toBe(true);
    expect(isRequestedBy(full(), withheld)).toBe(true);
  });

  it("is requested also when the service has added entries to a map", () => {
    const resolved = kind.valid({ id });
    const { runtimeEnv } = present(resolved.spec);
    const added = create(
      schema as DescMessage,
      {
        runtimeEnv: { REGION: { value: "eu" }, ["__proto__"]: { value: "x" } },
      } as never,
    ) as unknown as { runtimeEnv: typeof runtimeEnv };
    present(resolved.spec).runtimeEnv = { ...added.runtimeEnv, ...runtimeEnv };
    expect(isRequestedBy(resolved, kind.valid({ id }))).toBe(true);
    expect(isRequestedBy(kind.valid({ id }), resolved)).toBe(false);
  });

  it("is requested also when it has fields that this version of the contract does not know", () => {
    const newer = kind.valid({ id });
    withUnknown(present(newer.spec), 5001, encodedField(1, "secret"));
    expect(isRequestedBy(newer, kind.valid({ id }))).toBe(true);
    expect(isRequestedBy(kind.valid({ id }), newer)).toBe(true);
  });

  it("is not requested by one organization or owner scope when it is of another", () => {
    for (const change of [
      { org: "another" },
      { ownerScope: ApiResourceOwnerScope.identity_account },
    ]) {
      const request = kind.valid({ id });
      Object.assign(present(request.metadata), change);
      expect(isRequestedBy(kind.valid({ id }), request)).toBe(false);
      const without = kind.valid({ id });
      delete without.metadata;
      expect(isRequestedBy(without, request)).toBe(false);
    }
  });

  it("is requested whatever its organization is when the request leaves that open", () => {
    const request = kind.valid({ id });
    Object.assign(present(request.metadata), { org: "", ownerScope: 0 });
    expect(isRequestedBy(kind.valid({ id }), request)).toBe(true);
    delete request.metadata;
    expect(isRequestedBy(kind.valid({ id }), request)).toBe(true);
  });

  it("is requested also when somebody has changed what is not compared", () => {
    const edited = kind.valid({ id, labels: { a: "b" }, tags: ["x"], status: { phase: 3 } });
    Object.assign(present(edited.metadata), { name: "New", slug: "new" });
    expect(isRequestedBy(edited, kind.valid({ id }))).toBe(true);
  });

  it("without a spec is what a request without one asks for, and no other", () => {
    const without = kind.valid({ id });
    delete without.spec;
    expect(isRequestedBy(without, without)).toBe(true);
    expect(isRequestedBy(kind.valid({ id }), without)).toBe(true);
    expect(isRequestedBy(without, kind.valid({ id }))).toBe(false);
  });

  it("is never requested by one of the other kind", () => {
    const other = present(kinds.find(({ idPrefix }) => idPrefix !== kind.idPrefix)).valid({ id });
    expect(isRequestedBy(kind.valid({ id }), other)).toBe(false);
  });

  it("stays as it was, and so does the request", () => {
    const [execution, request] = [full(), kind.valid({ id })];
    const before = [copyOf(execution), copyOf(request)];
    isRequestedBy(execution, request);
    expect([execution, request]).toEqual(before);
  });
});
