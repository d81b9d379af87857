import { describe, expect, it } from "vitest";
import { callbackToken, setCallbackToken } from "../../src/index.js";
import {
  type MessageKind,
  peekCallbackToken,
  removeCallbackToken,
  replaceCallbackToken,
} from "../../src/wire/index.js";
import { findSecrets } from "../find-secrets.js";
import { decodeLater, encode, taskToken } from "../token/fixtures.js";
import {
  delimited,
  filler,
  group,
  join,
  oldToken,
  otherWireTypes,
  spec,
  status,
  tag,
  token,
  tokenNumber,
  varint,
} from "./encode.js";
import { forms, noBytes, noKinds, wireCarriers, wireExecutions } from "./fixtures.js";

const kind = "WorkflowExecution";
const newToken = callbackToken(Uint8Array.of(7, 8, 9));

describe.each(wireCarriers)("replaceCallbackToken of a $kind", (carrier) => {
  const { kind, make } = carrier;
  const before = decodeLater(carrier, make(taskToken));
  const bytes = encode(carrier, before);
  setCallbackToken(before, newToken);
  const expected = encode(carrier, before);

  it.each(forms)("gives what would have been encoded with the token, for %s", (_, form) => {
    expect(Buffer.from(replaceCallbackToken(kind, form(bytes), newToken))).toEqual(
      Buffer.from(expected),
    );
  });

  it.each(forms)("takes the token as %s", (_, form) => {
    expect(replaceCallbackToken(kind, bytes, form(newToken))).toStrictEqual(expected);
  });

  it("gives the token to the one who peeks, decodes or does both", () => {
    const replaced = replaceCallbackToken(kind, encode(carrier, make()), newToken);
    expect(peekCallbackToken(kind, replaced)).toStrictEqual(Uint8Array.from(newToken));
  });

  it("adds the token to no bytes at all", () => {
    const replaced = replaceCallbackToken(kind, new Uint8Array(), newToken);
    expect(peekCallbackToken(kind, replaced)).toStrictEqual(Uint8Array.from(newToken));
  });

  it("gives an array of its own, which a later change of bytes and token does not reach", () => {
    const [copy, own] = [Uint8Array.from(bytes), Uint8Array.from(newToken)];
    const replaced = replaceCallbackToken(kind, copy, own);
    expect(replaced.buffer).not.toBe(copy.buffer);
    expect(replaced.buffer).not.toBe(own.buffer);
    expect(replaced.buffer.byteLength).toBe(replaced.length);
    copy.fill(1);
    own.fill(1);
    expect(replaced).toStrictEqual(expected);
  });

  it.each(forms)("gives %s itself when the token is there already", (_, form) => {
    const same = form(bytes);
    expect(replaceCallbackToken(kind, same, Uint8Array.from(taskToken))).toBe(same);
  });

  it("changes nothing in place", () => {
    const [copy, own] = [Uint8Array.from(bytes), Uint8Array.from(newToken)];
    replaceCallbackToken(kind, copy, own);
    expect(copy).toStrictEqual(bytes);
    expect(own).toStrictEqual(Uint8Array.from(newToken));
  });

  it.each([1, 126, 127, 128, 8191, 8192])("takes a token of %i bytes", (length) => {
    const long = new Uint8Array(length).fill(5);
    expect(peekCallbackToken(kind, replaceCallbackToken(kind, bytes, long))).toEqual(long);
  });

  it.each([0, 8193, 100_000])("refuses a token of %i bytes", (length) => {
    expect(() => replaceCallbackToken(kind, bytes, new Uint8Array(length))).toThrow(
      new RangeError(`token: expected 1 to 8192 bytes, got ${length}`),
    );
  });

  it.each(noBytes)("refuses %s in place of bytes or a token", (_, value) => {
    const came = `expected a Uint8Array, got ${typeof value}`;
    const none = value as Uint8Array;
    expect(() => replaceCallbackToken(kind, none, newToken)).toThrow(
      new TypeError(`bytes: ${came}`),
    );
    expect(() => replaceCallbackToken(kind, bytes, none)).toThrow(new TypeError(`token: ${came}`));
  });
});

describe.each(wireExecutions)("replaceCallbackToken of a $kind", ({ kind }) => {
  it("adds a spec at the end when there is none", () => {
    const bytes = join(delimited(1, 65), status(), delimited(900, 1));
    expect(replaceCallbackToken(kind, bytes, newToken)).toStrictEqual(
      join(bytes, spec(delimited(tokenNumber(kind), newToken))),
    );
  });
});

describe("replaceCallbackToken", () => {
  const [first, last, fresh] = [token(1, 1), token(2), token(newToken)];
  const unknown = delimited(900, 5, 5);

  it.each<[string, Uint8Array, Uint8Array]>([
    ["an empty spec", spec(), spec(fresh)],
    ["the end of the spec", spec(unknown), spec(unknown, fresh)],
    [
      "the end of the last of several specs",
      join(spec(), spec(unknown), status()),
      join(spec(), spec(unknown, fresh), status()),
    ],
    [
      "the place of the token",
      join(unknown, spec(unknown, first, unknown), unknown),
      join(unknown, spec(unknown, fresh, unknown), unknown),
    ],
    [
      "the place of the last of several tokens",
      spec(first, unknown, last, unknown),
      spec(unknown, fresh, unknown),
    ],
    [
      "the place of the last token of several specs",
      join(spec(first), spec(last, unknown), spec(unknown)),
      join(spec(), spec(fresh, unknown), spec(unknown)),
    ],
    ["the place of an empty token", spec(token(), unknown), spec(fresh, unknown)],
    [
      "the place of an empty token that had unset another",
      spec(first, unknown, token()),
      spec(unknown, fresh),
    ],
    [
      "the place of the last token, after an empty one, which stays",
      spec(token(), first),
      spec(token(), fresh),
    ],
    ["the place of the same token with another before", spec(first, fresh), spec(fresh)],
    [
      "the place of the same token with the same before",
      spec(fresh, unknown, fresh),
      spec(unknown, fresh),
    ],
    [
      "the place of a token with an overlong tag, which stays",
      spec(tag(7, 2, 5), 1, 1),
      spec(tag(7, 2, 5), 3, newToken),
    ],
    ["the place of a token with an overlong length", spec(tag(7, 2), varint(1, 9), 1), spec(fresh)],
    [
      "a spec with an overlong tag, which stays",
      join(tag(4, 2, 4), 4, first),
      join(tag(4, 2, 4), 5, fresh),
    ],
    ["a spec with an overlong length", join(tag(4, 2), varint(4, 6), first), spec(fresh)],
    [
      "a spec whose length stays as it is, and overlong",
      join(tag(4, 2), varint(5, 6), token(1, 1, 1)),
      join(tag(4, 2), varint(5, 6), fresh),
    ],
    [
      "a spec beside a group that looks like one",
      join(group(9, spec(first)), spec(group(9, first))),
      join(group(9, spec(first)), spec(group(9, first), fresh)),
    ],
    [
      "a spec of its own when the only one is in a group",
      group(9, spec(first)),
      join(group(9, spec(first)), spec(fresh)),
    ],
    [
      "a spec beside a status with an old token, which stays",
      join(spec(), status(oldToken(1))),
      join(spec(fresh), status(oldToken(1))),
    ],
    [
      "a spec beside a malformed status, which stays",
      join(spec(), status(0, 0x0f)),
      join(spec(fresh), status(0, 0x0f)),
    ],
    ...otherWireTypes(7).map(([type, field]): [string, Uint8Array, Uint8Array] => [
      `a spec beside the token's number as ${type}`,
      spec(field),
      spec(field, fresh),
    ]),
    ...otherWireTypes(4).map(([type, field]): [string, Uint8Array, Uint8Array] => [
      `a spec beside the spec's number as ${type}`,
      field,
      join(field, spec(fresh)),
    ]),
  ])("puts the token into %s and keeps the rest as it is", (_, bytes, expected) => {
    const replaced = replaceCallbackToken(kind, bytes, newToken);
    expect(replaced).toStrictEqual(expected);
    expect(replaceCallbackToken(kind, replaced, newToken)).toBe(replaced);
  });

  it.each([
    ["with an overlong tag", spec(tag(7, 2, 5), 3, newToken)],
    ["with an overlong length", spec(tag(7, 2), varint(3, 9), newToken)],
    ["in a spec with an overlong length", join(tag(4, 2), varint(5, 9), fresh)],
    ["after empty ones", spec(token(), token(), fresh)],
    ["before a spec without one", join(spec(fresh), spec(unknown))],
  ])("gives back the bytes themselves when the token is there %s", (_, bytes) => {
    expect(replaceCallbackToken(kind, bytes, newToken)).toBe(bytes);
  });

  it.each([
    [127, 128],
    [128, 127],
    [127, 129],
    [16_383, 16_384],
    [16_384, 16_383],
    [127, 128 + 8000],
  ])("fixes the length of a spec that has %i bytes and then %i", (from, to) => {
    const [small, large] = [Math.min(from, to), Math.max(from, to)];
    const rest = filler(small - 3);
    const withToken = (size: number) => {
      const header = size - rest.length > 129 ? 3 : 2;
      return new Uint8Array(size - rest.length - header).fill(6);
    };
    const bytes = spec(rest, token(withToken(from)));
    const expected = spec(rest, token(withToken(to)));
    expect(expected.length - bytes.length - (to - from)).toBe(
      varint(to).length - varint(from).length,
    );
    expect(large).toBeGreaterThan(small);
    expect(replaceCallbackToken(kind, bytes, withToken(to))).toStrictEqual(expected);
  });

  it("leaves no earlier token in the bytes", () => {
    const secrets = [1, 2, 3, 4].map((byte) => new Uint8Array(40).fill(byte));
    const [a, b, c, d] = secrets.map((secret) => token(secret));
    const bytes = join(spec(a ?? [], unknown, b ?? []), spec(c ?? []), spec(d ?? [], token()));
    for (const result of [
      replaceCallbackToken(kind, bytes, newToken),
      removeCallbackToken(kind, bytes),
    ]) {
      expect(findSecrets(Buffer.from(result).toString("latin1"), secrets)).toEqual([]);
    }
  });

  it("takes a token that is a view into the same bytes", () => {
    const bytes = spec(token(1, 2, 3, 4));
    const part = peekCallbackToken(kind, bytes)?.subarray(1, 3) ?? bytes;
    expect(replaceCallbackToken(kind, bytes, part)).toStrictEqual(spec(token(2, 3)));
  });

  it.each(noKinds)("refuses the kind '%s', which does not exist", (none) => {
    const call = () => replaceCallbackToken(none as MessageKind, spec(first), newToken);
    expect(call).toThrow(TypeError);
  });

  it("says of a refused token nothing but its length", () => {
    const secret = new Uint8Array(8193).fill(0x61);
    const call = () => replaceCallbackToken(kind, spec(), secret);
    expect(call).toThrow(/^token: expected 1 to 8192 bytes, got 8193$/);
  });
});
