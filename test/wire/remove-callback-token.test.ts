import { describe, expect, it } from "vitest";
import { clearCallbackToken } from "../../src/index.js";
import { type MessageKind, peekCallbackToken, removeCallbackToken } from "../../src/wire/index.js";
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
  varint,
} from "./encode.js";
import { forms, noBytes, noKinds, wireCarriers } from "./fixtures.js";

const kind = "WorkflowExecution";

describe.each(wireCarriers)("removeCallbackToken of a $kind", (carrier) => {
  const { kind, make } = carrier;
  const bytes = encode(carrier, decodeLater(carrier, make(taskToken)));
  const cleared = decodeLater(carrier, make(taskToken));
  clearCallbackToken(cleared);
  const without = encode(carrier, cleared);

  it.each(forms)("gives what would have been encoded without the token, for %s", (_, form) => {
    const removed = removeCallbackToken(kind, form(bytes));
    expect(Buffer.from(removed)).toEqual(Buffer.from(without));
    expect(peekCallbackToken(kind, removed)).toBeUndefined();
  });

  it("gives an array of its own", () => {
    const removed = removeCallbackToken(kind, bytes);
    expect(removed.buffer).not.toBe(bytes.buffer);
    expect(removed.buffer.byteLength).toBe(removed.length);
  });

  it.each(forms)("gives %s itself when there is no token", (_, form) => {
    for (const content of [without, new Uint8Array()]) {
      const same = form(content);
      expect(removeCallbackToken(kind, same)).toBe(same);
    }
  });

  it("changes nothing in place", () => {
    const copy = Uint8Array.from(bytes);
    removeCallbackToken(kind, copy);
    expect(copy).toStrictEqual(bytes);
  });

  it.each(noBytes)("refuses %s in place of bytes", (_, value) => {
    const call = () => removeCallbackToken(kind, value as Uint8Array);
    expect(call).toThrow(new TypeError(`bytes: expected a Uint8Array, got ${typeof value}`));
  });
});

describe("removeCallbackToken", () => {
  const [first, last] = [token(1, 1), token(2)];
  const unknown = delimited(900, 5, 5);

  it.each([
    ["the only token", spec(first), spec()],
    ["all of several tokens", spec(first, unknown, last), spec(unknown)],
    ["a token that an empty one had unset", spec(first, token()), spec(token())],
    [
      "the tokens of several specs",
      join(spec(first), spec(unknown), spec(last)),
      join(spec(), spec(unknown), spec()),
    ],
    [
      "a token between unknown fields",
      join(unknown, spec(unknown, first, unknown), unknown),
      join(unknown, spec(unknown, unknown), unknown),
    ],
    [
      "a token with an overlong tag and length",
      spec(tag(7, 2, 5), varint(1, 9), 1, unknown),
      spec(unknown),
    ],
    [
      "a token from a spec with an overlong tag",
      join(tag(4, 2, 4), 4, first),
      join(tag(4, 2, 4), 0),
    ],
    ["a token from a spec with an overlong length", join(tag(4, 2), varint(4, 6), first), spec()],
  ])("takes out %s and keeps the rest as it is", (_, bytes, expected) => {
    expect(removeCallbackToken(kind, bytes)).toStrictEqual(expected);
  });

  it.each<[string, Uint8Array]>([
    ["an empty token", spec(token())],
    ["a token in the status, where it was", join(spec(), status(oldToken(1)))],
    ["the token's number outside the spec", join(first, status(first))],
    ["a token in a group", join(group(9, spec(first)), spec(group(9, first)))],
    ["malformed bytes in the status", status(0, 0x0f)],
    [
      "overlong tags, lengths and values",
      join(tag(4, 2, 5), varint(5, 10), tag(9, 0, 2), varint(0, 3), status()),
    ],
    ...otherWireTypes(7).map(([type, field]): [string, Uint8Array] => [
      `the token's number as ${type}`,
      spec(field),
    ]),
    ...otherWireTypes(4).map(([type, field]): [string, Uint8Array] => [
      `the spec's number as ${type}`,
      field,
    ]),
  ])("gives back the bytes themselves for %s", (_, bytes) => {
    expect(removeCallbackToken(kind, bytes)).toBe(bytes);
  });

  it("gives back the bytes themselves the second time", () => {
    const removed = removeCallbackToken(kind, join(spec(first), spec(last)));
    expect(removeCallbackToken(kind, removed)).toBe(removed);
  });

  it.each([127, 128, 16_383, 16_384])(
    "fixes the length when %i bytes of the spec remain",
    (size) => {
      const bytes = spec(filler(size), token(1, 2));
      expect(removeCallbackToken(kind, bytes)).toStrictEqual(spec(filler(size)));
    },
  );

  it.each(noKinds)("refuses the kind '%s', which does not exist", (none) => {
    expect(() => removeCallbackToken(none as MessageKind, spec(first))).toThrow(TypeError);
  });
});
