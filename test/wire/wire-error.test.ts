import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  migrateCallbackToken,
  peekCallbackToken,
  removeCallbackToken,
  replaceCallbackToken,
  WireError,
} from "../../src/wire/index.js";
import { findSecrets } from "../find-secrets.js";
import { malformed } from "./cases.js";
import {
  delimited,
  join,
  oldToken,
  spec,
  specNumber,
  status,
  tag,
  token,
  varint,
} from "./encode.js";
import { refusalOf, textOf, wireErrorOf } from "./fixtures.js";

const kind = "WorkflowExecution";
const newToken = Uint8Array.of(1, 2, 3);
const before = delimited(1, 0x61);
const after = delimited(2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

const readers = [
  ["peekCallbackToken", (bytes: Uint8Array) => peekCallbackToken(kind, bytes)],
  ["replaceCallbackToken", (bytes: Uint8Array) => replaceCallbackToken(kind, bytes, newToken)],
  ["removeCallbackToken", (bytes: Uint8Array) => removeCallbackToken(kind, bytes)],
] as const;
const migrate = [
  "migrateCallbackToken",
  (bytes: Uint8Array) => migrateCallbackToken(kind, bytes),
] as const;

describe.each([...readers, migrate])("%s refuses, in an execution,", (_, call) => {
  it.each(malformed)("$name", ({ bytes, code, offset = 0 }) => {
    const expected = typeof code === "string" ? code : code.outermost;
    expect(refusalOf(() => call(join(before, bytes)))).toEqual({
      code: expected,
      offset: before.length + offset,
    });
  });
});

describe.each(readers)("%s refuses, in an execution's spec,", (_, call) => {
  it.each(malformed)("$name", ({ bytes, code, offset = 0 }) => {
    const expected = typeof code === "string" ? code : code.inner;
    const headers = 2 + before.length;
    const bad = join(before, spec(before, bytes), after);
    expect(refusalOf(() => call(bad))).toEqual({
      code: expected,
      offset: before.length + headers + offset,
    });
  });
});

describe("migrateCallbackToken refuses, in an execution's status,", () => {
  it.each(malformed)("$name", ({ bytes, code, offset = 0 }) => {
    const expected = typeof code === "string" ? code : code.inner;
    const bad = join(before, status(before, bytes), after);
    expect(refusalOf(() => migrateCallbackToken(kind, bad))).toEqual({
      code: expected,
      offset: 2 * before.length + 2 + offset,
    });
  });
});

describe("peekCallbackToken refuses, in a spec of its own,", () => {
  it.each(malformed)("$name", ({ bytes, code, offset = 0 }) => {
    const expected = typeof code === "string" ? code : code.outermost;
    const bad = join(before, token(newToken), bytes);
    expect(refusalOf(() => peekCallbackToken("WorkflowExecutionSpec", bad))).toEqual({
      code: expected,
      offset: before.length + 5 + offset,
    });
  });
});

describe("WireError", () => {
  const secret = randomBytes(132);
  const current = spec(token(secret));

  it("is an Error with a name, a code and an offset", () => {
    const error = wireErrorOf(() => peekCallbackToken(kind, join(spec(), 0)));
    expect(error).toBeInstanceOf(Error);
    expect(error).toBeInstanceOf(WireError);
    expect(error).toMatchObject({ name: "WireError", code: "bad-tag", offset: 2 });
    expect(error.message).toBe("field at byte 2: expected the tag of a field");
  });

  it("has the offset in a view, not in the buffer below it", () => {
    const bytes = join(delimited(1, 1, 2, 3), spec(0)).subarray(5);
    expect(refusalOf(() => peekCallbackToken(kind, bytes))).toEqual({ code: "bad-tag", offset: 2 });
  });

  it.each([
    ["truncated", current.subarray(0, -1)],
    ["truncated", join(tag(specNumber, 2), varint(2 ** 20), current)],
    ["bad-tag", join(current, 0)],
    ["bad-wire-type", spec(token(secret), 0x0e)],
    ["too-long", spec(token(secret), varint(0, 11))],
    ["length-overflow", spec(token(secret), token(secret).subarray(0, -1))],
    ["conflict", join(current, status(oldToken(randomBytes(132))))],
  ])("shows nothing of a token when it refuses the bytes as %s", (code, bytes) => {
    const error = wireErrorOf(() => migrateAfterPeek(bytes));
    expect(error.code).toBe(code);
    expect(findSecrets(textOf(error), [secret, bytes])).toEqual([]);
  });

  it("shows no length that it has read, which may be a piece of a token", () => {
    const message = (length: number) =>
      wireErrorOf(() => peekCallbackToken(kind, spec(tag(9, 2), varint(length)))).message;
    expect(message(0x7365_6372)).toBe(message(0x6574_2121));
  });

  it("shows no token of the status when it refuses to migrate it", () => {
    const bytes = join(spec(token(1, 2, 3)), status(oldToken(secret)));
    const error = wireErrorOf(() => migrateCallbackToken(kind, bytes));
    expect(findSecrets(textOf(error), [secret])).toEqual([]);
  });
});

function migrateAfterPeek(bytes: Uint8Array): void {
  peekCallbackToken(kind, bytes);
  migrateCallbackToken(kind, bytes);
}
