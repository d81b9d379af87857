import { describe, expect, it } from "vitest";
import { callbackToken } from "../../src/index.js";
import { type MessageKind, peekCallbackToken } from "../../src/wire/index.js";
import { decodeLater, encode, taskToken } from "../token/fixtures.js";
import { accepted } from "./cases.js";
import { join, otherWireTypes, spec, token, tokenNumber } from "./encode.js";
import { forms, noBytes, noKinds, wireCarriers, wireErrorOf } from "./fixtures.js";

describe.each(wireCarriers)("peekCallbackToken of a $kind", (carrier) => {
  const { kind, make } = carrier;
  const bytes = encode(carrier, make(taskToken));
  const isSpec = kind.endsWith("Spec");
  const inSpec = (content: Uint8Array) => (isSpec ? content : spec(content));

  it.each(forms)("gives the token that was encoded, out of %s", (_, form) => {
    expect(Buffer.from(peekCallbackToken(kind, form(bytes)) ?? [])).toEqual(Buffer.from(taskToken));
  });

  it("gives the token that was encoded by a later contract", () => {
    const later = encode(carrier, decodeLater(carrier, make(taskToken)));
    expect(peekCallbackToken(kind, later)).toStrictEqual(Uint8Array.from(taskToken));
  });

  it("gives undefined when there is no token", () => {
    expect(peekCallbackToken(kind, encode(carrier, make()))).toBeUndefined();
    expect(peekCallbackToken(kind, new Uint8Array())).toBeUndefined();
  });

  it("gives a view, which shows a later change of the bytes", () => {
    const copy = Uint8Array.from(bytes);
    const view = peekCallbackToken(kind, copy);
    expect(view?.buffer).toBe(copy.buffer);
    copy.fill(9);
    expect(view).toEqual(new Uint8Array(taskToken.length).fill(9));
  });

  it("gives a view of which callbackToken makes a copy", () => {
    const copy = Uint8Array.from(bytes);
    const token = callbackToken(peekCallbackToken(kind, copy) ?? copy);
    copy.fill(9);
    expect(token).toStrictEqual(taskToken);
  });

  it.each(otherWireTypes(tokenNumber(kind)))("steps over the token's number as %s", (_, field) => {
    expect(peekCallbackToken(kind, inSpec(field))).toBeUndefined();
  });

  it("changes nothing", () => {
    const copy = Uint8Array.from(bytes);
    peekCallbackToken(kind, copy);
    expect(copy).toStrictEqual(bytes);
  });

  it.each(noBytes)("refuses %s in place of bytes", (_, value) => {
    const call = () => peekCallbackToken(kind, value as Uint8Array);
    expect(call).toThrow(new TypeError(`bytes: expected a Uint8Array, got ${typeof value}`));
  });
});

describe("peekCallbackToken reads as decoders do", () => {
  it.each(accepted)("$name", ({ bytes, token }) => {
    expect(peekCallbackToken("WorkflowExecution", bytes)).toEqual(token);
  });
});

describe("peekCallbackToken", () => {
  it.each(noKinds)("refuses the kind '%s', which does not exist", (kind) => {
    const call = () => peekCallbackToken(kind as MessageKind, new Uint8Array());
    expect(call).toThrow(TypeError);
  });

  it("notices malformed bytes in a spec after the one with the token", () => {
    const bytes = join(spec(token(1)), spec(0));
    expect(wireErrorOf(() => peekCallbackToken("WorkflowExecution", bytes)).code).toBe("bad-tag");
  });

  it("notices malformed bytes after the token", () => {
    const bytes = join(token(1), 0x0f);
    expect(wireErrorOf(() => peekCallbackToken("WorkflowExecutionSpec", bytes)).offset).toBe(3);
  });

  it("stays within the spec when the bytes after it would continue it", () => {
    const cut = spec(token(1, 2, 3)).subarray(0, -1);
    cut.set([cut.length - 2], 1);
    const bytes = join(cut, 3, token(9));
    expect(wireErrorOf(() => peekCallbackToken("WorkflowExecution", bytes))).toMatchObject({
      code: "length-overflow",
      offset: 2,
    });
  });
});
