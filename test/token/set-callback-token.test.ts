import { create } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type CallbackToken,
  callbackToken,
  clearCallbackToken,
  getCallbackToken,
  setCallbackToken,
} from "../../src/index.js";
import {
  carriers,
  decode,
  decodeLater,
  encode,
  executions,
  later,
  refusal,
  specIn,
  type Target,
  taskToken,
  tokenBytes,
} from "./fixtures.js";

describe.each(carriers)("setCallbackToken on $name", (carrier) => {
  it("puts in any token so that the reader of the encoded message gets it", () => {
    fc.assert(
      fc.property(tokenBytes, (bytes) => {
        const target = carrier.make();
        setCallbackToken(target, callbackToken(bytes));
        const read = decode(carrier, encode(carrier, target));
        expect(getCallbackToken(read)).toStrictEqual(bytes);
      }),
    );
  });

  it("replaces an earlier token", () => {
    const target = carrier.make(Uint8Array.of(1, 2, 3));
    setCallbackToken(target, taskToken);
    expect(getCallbackToken(target)).toStrictEqual(taskToken);
  });

  it("puts in a copy", () => {
    const [target, token] = [carrier.make(), callbackToken(taskToken)];
    setCallbackToken(target, token);
    token.fill(1);
    expect(specIn(target).callbackToken).toStrictEqual(taskToken);
    specIn(target).callbackToken.fill(2);
    expect(token).toStrictEqual(new Uint8Array(taskToken.length).fill(1));
  });

  it("keeps all other fields, those of a later contract too", () => {
    const target = decodeLater(carrier, carrier.make());
    const before = encode(carrier, target);
    const unknown = Buffer.from(before).toString("latin1").split(later).length - 1;
    expect(unknown).toBe(executions.includes(carrier) ? 2 : 1);

    setCallbackToken(target, taskToken);
    const read = decode(carrier, encode(carrier, target));
    expect(clearCallbackToken(read)).toBe(true);
    expect(encode(carrier, read)).toStrictEqual(before);
  });

  it.each([
    ["empty", new Uint8Array()],
    ["too-long", new Uint8Array(8193)],
    ["not-bytes", "c2VjcmV0"],
  ])("changes nothing when it refuses a token as %s", (code, token) => {
    const target = carrier.make(taskToken);
    expect(refusal(() => setCallbackToken(target, token as CallbackToken)).code).toBe(code);
    expect(target).toStrictEqual(carrier.make(taskToken));
  });
});

describe.each(executions)("setCallbackToken on $name", ({ schema }) => {
  it("creates the spec when there is none", () => {
    const target = create(schema, { kind: "kept" } as Record<string, unknown>) as Target;
    setCallbackToken(target, taskToken);
    expect(specIn(target).$typeName).toBe(`${schema.typeName}Spec`);
    expect(getCallbackToken(target)).toStrictEqual(taskToken);
    expect(target).toHaveProperty("kind", "kept");
  });

  it("creates no spec when it refuses the token", () => {
    const target = create(schema) as Target;
    expect(refusal(() => setCallbackToken(target, new Uint8Array() as CallbackToken)).code).toBe(
      "empty",
    );
    expect(target).toStrictEqual(create(schema));
  });
});
