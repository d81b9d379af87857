import { describe, expect, it } from "vitest";
import { getCallbackToken } from "../../src/index.js";
import {
  type ExecutionKind,
  migrateCallbackToken,
  peekCallbackToken,
} from "../../src/wire/index.js";
import { decode, decodeLater, encode, taskToken } from "../token/fixtures.js";
import {
  delimited,
  group,
  join,
  oldToken,
  oldTokenNumber,
  otherWireTypes,
  spec,
  status,
  tag,
  token,
  tokenNumber,
  varint,
} from "./encode.js";
import { forms, noBytes, noKinds, refusalOf, wireCarriers, wireExecutions } from "./fixtures.js";

const kind = "WorkflowExecution";

describe.each(wireExecutions)("migrateCallbackToken of a $kind", (carrier) => {
  const { kind, make } = carrier;
  const [number, oldNumber] = [tokenNumber(kind), oldTokenNumber(kind)];
  const withOldToken = (bytes: Uint8Array, content: Uint8Array) =>
    join(bytes, status(delimited(oldNumber, content)));
  const current = encode(carrier, decodeLater(carrier, make()));
  const old = withOldToken(current, taskToken);

  it.each(forms)("moves the token so that the reader of %s gets it", (_, form) => {
    const { bytes, migration } = migrateCallbackToken(kind, form(old));
    expect(migration).toBe("moved");
    expect(Buffer.from(peekCallbackToken(kind, bytes) ?? [])).toEqual(Buffer.from(taskToken));
    expect(getCallbackToken(decode(carrier, Uint8Array.from(bytes)))).toStrictEqual(taskToken);
  });

  it("leaves the token in no other place", () => {
    const { bytes } = migrateCallbackToken(kind, old);
    const text = Buffer.from(bytes).toString("latin1");
    expect(text.split(Buffer.from(taskToken).toString("latin1"))).toHaveLength(2);
  });

  it("moves the token into a spec that it adds when there is none", () => {
    const bytes = withOldToken(new Uint8Array(), taskToken);
    expect(migrateCallbackToken(kind, bytes)).toStrictEqual({
      migration: "moved",
      bytes: join(status(), spec(delimited(number, taskToken))),
    });
  });

  it("removes a token that the spec has too", () => {
    const both = encode(carrier, make(taskToken));
    expect(migrateCallbackToken(kind, withOldToken(both, taskToken))).toStrictEqual({
      migration: "removed",
      bytes: join(both, status()),
    });
  });

  it.each(forms)("refuses %s with another token in the spec, and tells where", (_, form) => {
    const other = encode(carrier, make(Uint8Array.of(1, 2, 3)));
    const bytes = form(withOldToken(other, taskToken));
    const copy = Buffer.from(bytes);
    expect(refusalOf(() => migrateCallbackToken(kind, bytes))).toEqual({
      code: "conflict",
      offset: bytes.length - taskToken.length,
    });
    expect(Buffer.from(bytes)).toEqual(copy);
  });

  it.each(forms)("gives %s itself when the status has no token", (_, form) => {
    for (const content of [current, encode(carrier, make(taskToken)), new Uint8Array()]) {
      const bytes = form(content);
      const result = migrateCallbackToken(kind, bytes);
      expect(result.migration).toBe("unchanged");
      expect(result.bytes).toBe(bytes);
    }
  });

  it("has nothing to do the second time", () => {
    const { bytes } = migrateCallbackToken(kind, old);
    const again = migrateCallbackToken(kind, bytes);
    expect(again.migration).toBe("unchanged");
    expect(again.bytes).toBe(bytes);
  });

  it("leaves the other kind's number in the status, which is another field there", () => {
    const bytes = join(status(delimited(oldNumber === 11 ? 10 : 11, taskToken)), spec());
    expect(migrateCallbackToken(kind, bytes).bytes).toBe(bytes);
  });

  it("gives an array of its own and changes nothing in place", () => {
    const copy = Uint8Array.from(old);
    const { bytes } = migrateCallbackToken(kind, copy);
    expect(bytes.buffer).not.toBe(copy.buffer);
    expect(copy).toStrictEqual(old);
    copy.fill(1);
    expect(peekCallbackToken(kind, bytes)).toStrictEqual(Uint8Array.from(taskToken));
  });

  it.each(noBytes)("refuses %s in place of bytes", (_, value) => {
    const call = () => migrateCallbackToken(kind, value as Uint8Array);
    expect(call).toThrow(new TypeError(`bytes: expected a Uint8Array, got ${typeof value}`));
  });
});

describe("migrateCallbackToken", () => {
  const [a, b] = [Uint8Array.of(1, 1), Uint8Array.of(2)];
  const unknown = delimited(900, 5, 5);

  it.each([
    ["to the spec after it", join(status(oldToken(a)), spec()), join(status(), spec(token(a)))],
    [
      "to the spec before it",
      join(spec(unknown), status(unknown, oldToken(a), unknown)),
      join(spec(unknown, token(a)), status(unknown, unknown)),
    ],
    [
      "to the last of several specs",
      join(spec(), spec(unknown), status(oldToken(a))),
      join(spec(), spec(unknown, token(a)), status()),
    ],
    [
      "to the place of an empty token",
      join(spec(token(), unknown), status(oldToken(a))),
      join(spec(token(a), unknown), status()),
    ],
    [
      "to the place where a token was unset",
      join(spec(token(b), token()), status(oldToken(a))),
      join(spec(token(a)), status()),
    ],
    [
      "from the last of several statuses",
      join(status(oldToken(b)), spec(), status(oldToken(a)), status(unknown)),
      join(status(), spec(token(a)), status(), status(unknown)),
    ],
    [
      "from the last of several fields",
      join(spec(), status(oldToken(b), unknown, oldToken(a))),
      join(spec(token(a)), status(unknown)),
    ],
    [
      "from a field with an overlong tag and length",
      join(spec(), status(tag(11, 2, 5), varint(2, 10), a)),
      join(spec(token(a)), status()),
    ],
    [
      "from a status with an overlong length",
      join(spec(), tag(5, 2, 3), varint(4, 8), oldToken(a)),
      join(spec(token(a)), tag(5, 2, 3), 0),
    ],
    [
      "that is longer than a token of today",
      join(spec(), status(oldToken(new Uint8Array(9000)))),
      join(spec(token(new Uint8Array(9000))), status()),
    ],
  ])("moves a token %s", (_, bytes, expected) => {
    expect(migrateCallbackToken(kind, bytes)).toStrictEqual({
      bytes: expected,
      migration: "moved",
    });
  });

  it.each([
    [
      "that the spec has too",
      join(spec(token(a)), status(oldToken(a))),
      join(spec(token(a)), status()),
    ],
    [
      "that the spec has as the last of several",
      join(spec(token(b), token(a)), status(oldToken(a))),
      join(spec(token(b), token(a)), status()),
    ],
    [
      "that an empty one had followed",
      join(spec(), status(oldToken(a), oldToken())),
      join(spec(), status(oldToken())),
    ],
    [
      "that an empty one of another status had followed",
      join(status(oldToken(a)), spec(token(b)), status(oldToken())),
      join(status(), spec(token(b)), status(oldToken())),
    ],
    [
      "and those before it",
      join(spec(token(a)), status(oldToken(b), oldToken(a))),
      join(spec(token(a)), status()),
    ],
  ])("removes a token %s", (_, bytes, expected) => {
    expect(migrateCallbackToken(kind, bytes)).toStrictEqual({
      bytes: expected,
      migration: "removed",
    });
  });

  it.each<[string, Uint8Array]>([
    ["an empty token", join(spec(), status(oldToken()))],
    ["the number of today's token", join(spec(), status(token(a)))],
    ["a token in a group", join(status(group(9, oldToken(a))), group(9, status(oldToken(a))))],
    ["the number outside the status", join(oldToken(a), spec(oldToken(a)))],
    ...otherWireTypes(11).map(([type, field]): [string, Uint8Array] => [
      `the number as ${type}`,
      status(field),
    ]),
    ...otherWireTypes(5).map(([type, field]): [string, Uint8Array] => [
      `the status's number as ${type}`,
      field,
    ]),
  ])("gives back the bytes themselves for %s", (_, bytes) => {
    const result = migrateCallbackToken(kind, bytes);
    expect(result.migration).toBe("unchanged");
    expect(result.bytes).toBe(bytes);
  });

  it.each([
    ["the same length", b, Uint8Array.of(3)],
    ["a common beginning", a, Uint8Array.of(1)],
    ["a common end", b, Uint8Array.of(1, 2)],
  ])("refuses two tokens with %s", (_, former, latter) => {
    const bytes = join(status(oldToken(former)), spec(token(latter)));
    expect(refusalOf(() => migrateCallbackToken(kind, bytes))).toEqual({
      code: "conflict",
      offset: 4,
    });
  });

  it("refuses malformed bytes of a spec that it would move a token to", () => {
    const bytes = join(status(oldToken(a)), spec(0));
    expect(refusalOf(() => migrateCallbackToken(kind, bytes))).toEqual({
      code: "bad-tag",
      offset: status(oldToken(a)).length + 2,
    });
  });

  it.each(noKinds)("refuses the kind '%s', which does not exist", (none) => {
    const call = () => migrateCallbackToken(none as ExecutionKind, status(oldToken(a)));
    expect(call).toThrow(TypeError);
  });

  const specs = wireCarriers.filter(({ kind }) => kind.endsWith("Spec"));
  it.each(specs)("touches nothing of a $kind, which never had an old token", (carrier) => {
    const bytes = join(delimited(oldTokenNumber(carrier.kind), a), status(oldToken(a)), token(b));
    const copy = Uint8Array.from(bytes);
    const result = migrateCallbackToken(carrier.kind as ExecutionKind, bytes);
    expect(result.bytes).toBe(bytes);
    expect(bytes).toStrictEqual(copy);
  });
});
