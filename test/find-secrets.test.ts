import { expect, test } from "vitest";
import { findSecrets } from "./find-secrets.js";

const secret = Buffer.from("00ff1b2c3d4e5f60718293a4b5c6d7e8f9fb", "hex");

test.each([
  ["raw", secret.toString("latin1")],
  ["Base64", secret.toString("base64")],
  ["Base64 behind other bytes", Buffer.concat([Buffer.from("x"), secret]).toString("base64")],
  ["Base64url", secret.toString("base64url")],
  ["hex", secret.toString("hex")],
  ["upper-case hex", secret.toString("hex").toUpperCase()],
  ["a JSON array", JSON.stringify([...secret])],
  ["what console.log prints of bytes", String([...secret].join(", "))],
  ["a part of it", secret.subarray(3, 16).toString("hex")],
])("a secret is found as %s", (_, shown) => {
  expect(findSecrets(`before ${shown} after`, [secret])).not.toEqual([]);
});

test("a text without the secret is clean", () => {
  expect(findSecrets("18 bytes, sha256:1f3a9c02", [secret])).toEqual([]);
});

const long = Buffer.from(Array.from({ length: 40 }, (_, index) => index * 37 + 11));

test.each([
  ["raw", (bytes: Buffer) => bytes.toString("latin1")],
  ["Base64", (bytes: Buffer) => bytes.toString("base64")],
  ["Base64url", (bytes: Buffer) => bytes.toString("base64url")],
  ["hex", (bytes: Buffer) => bytes.toString("hex")],
  ["numbers", (bytes: Buffer) => [...bytes].join(",")],
])("any twelve bytes of a secret are found as %s, and no eleven", (_, written) => {
  for (let start = 0; start + 12 <= long.length; start++) {
    const shown = written(long.subarray(start, start + 12));
    expect(findSecrets(`before ${shown} after`, [long])).not.toEqual([]);
    expect(findSecrets(`${written(long.subarray(start, start + 11))} after`, [long])).toEqual([]);
  }
});
