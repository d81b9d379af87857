import { describe, expect, it } from "vitest";
import {
  migrateCallbackToken,
  peekCallbackToken,
  removeCallbackToken,
  replaceCallbackToken,
} from "../../src/wire/index.js";
import { group, join, oldToken, spec, status, tag, token, varint } from "./encode.js";
import { wireErrorOf } from "./fixtures.js";

const kind = "WorkflowExecution";
const newToken = new Uint8Array(8192).fill(7);
const megabyte = 2 ** 20;

const functions = [
  (bytes: Uint8Array) => peekCallbackToken(kind, bytes),
  (bytes: Uint8Array) => removeCallbackToken(kind, bytes),
  (bytes: Uint8Array) => replaceCallbackToken(kind, bytes, newToken),
  (bytes: Uint8Array) => migrateCallbackToken(kind, bytes),
];

function many(part: Uint8Array): Uint8Array {
  return Buffer.alloc(megabyte - (megabyte % part.length), part);
}

describe("a megabyte made to take long", () => {
  it.each([
    ["group starts", tag(9, 3), "too-deep"],
    ["group starts with overlong tags", tag(9, 3, 5), "too-deep"],
    ["group ends", tag(9, 4), "bad-tag"],
    ["continued bytes", join(0x80), "too-long"],
    ["empty groups", group(9), "truncated"],
    ["empty specs", spec(), "truncated"],
    ["specs with a token", spec(token(1)), "truncated"],
    ["statuses with an old token", status(oldToken(1)), "truncated"],
    ["values of ten bytes", join(tag(9, 0), varint(2n ** 69n)), "truncated"],
  ])("is refused when it is of %s and ends early", (_, part, code) => {
    const bytes = Buffer.concat([many(part), tag(9, 2)]);
    for (const call of functions) expect(wireErrorOf(() => call(bytes)).code).toBe(code);
  });

  it.each([
    ["specs with a token", many(spec(token(1)))],
    ["one spec with tokens", spec(many(token(1)))],
    ["specs with empty tokens", many(spec(token()))],
    ["statuses with an old token", many(status(oldToken(1)))],
    ["one status with old tokens", status(many(oldToken(1)))],
    ["one old token", status(oldToken(new Uint8Array(megabyte)))],
  ])("is rewritten when it is of %s", (_, bytes) => {
    const replaced = replaceCallbackToken(kind, bytes, newToken);
    expect(Buffer.compare(peekCallbackToken(kind, replaced) ?? bytes, newToken)).toBe(0);
    expect(peekCallbackToken(kind, removeCallbackToken(kind, replaced))).toBeUndefined();
    const { bytes: migrated } = migrateCallbackToken(kind, bytes);
    expect(migrateCallbackToken(kind, migrated).migration).toBe("unchanged");
  });
});
