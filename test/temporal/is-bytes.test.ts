import { describe, expect, it } from "vitest";
import { isBytes } from "../../src/temporal/is-bytes.js";
import { foreign } from "./payload-converter/fixtures.js";

const bytes = Uint8Array.of(1, 2);

describe("what is taken for bytes", () => {
  it.each([
    ["bytes", bytes],
    ["no bytes at all", new Uint8Array()],
    ["a Buffer", Buffer.from(bytes)],
    ["bytes of another realm, as a workflow's sandbox has them", foreign(bytes)],
  ])("is %s", (_, value) => {
    expect(isBytes(value)).toBe(true);
  });

  it.each([
    ["what JSON makes of bytes", JSON.parse(JSON.stringify(bytes))],
    ["what JSON makes of a Buffer", JSON.parse(JSON.stringify(Buffer.from(bytes)))],
    ["numbers", [1, 2]],
    ["Base64", "AQI="],
    ["an array of other numbers", new Int8Array(2)],
    ["the memory that bytes are in", bytes.buffer],
    ["nothing", undefined],
    ["null", null],
  ])("is not %s", (_, value) => {
    expect(isBytes(value)).toBe(false);
  });
});
