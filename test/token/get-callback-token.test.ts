import { create } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { describe, expect, it } from "vitest";
import { getCallbackToken } from "../../src/index.js";
import {
  carriers,
  decode,
  executions,
  refusal,
  specIn,
  type Target,
  taskToken,
} from "./fixtures.js";

describe.each(carriers)("getCallbackToken of $name", ({ make }) => {
  it("gives the token", () => {
    expect(getCallbackToken(make(taskToken))).toStrictEqual(taskToken);
  });

  it("gives undefined when nobody waits", () => {
    expect(getCallbackToken(make())).toBeUndefined();
  });

  it("gives a copy", () => {
    const target = make(taskToken.slice());
    const token = getCallbackToken(target);
    specIn(target).callbackToken.fill(1);
    expect(token).toStrictEqual(taskToken);
    token?.fill(2);
    expect(specIn(target).callbackToken).toStrictEqual(new Uint8Array(taskToken.length).fill(1));
  });

  it.each([
    [new Uint8Array(8193), "too-long", "expected 1 to 8192 bytes, got 8193"],
    [Buffer.from(taskToken).toString("base64"), "not-bytes", "expected a Uint8Array, got string"],
  ])("names the field that holds no possible token (%#)", (value, code, message) => {
    const target = make();
    const spec = specIn(target);
    spec.callbackToken = value as Uint8Array;
    expect(refusal(() => getCallbackToken(target))).toEqual({
      code,
      message: `${spec.$typeName}.callback_token: ${message}`,
    });
  });
});

describe.each(executions)("getCallbackToken of $name", (carrier) => {
  it("gives undefined without a spec", () => {
    expect(getCallbackToken(create(carrier.schema) as Target)).toBeUndefined();
  });

  it("does not look for a token in the status, where old bytes still have one", () => {
    const [statusField, formerToken] = [5, carrier.name === "WorkflowExecution" ? 11 : 10];
    const status = new BinaryWriter().tag(formerToken, WireType.LengthDelimited).bytes(taskToken);
    const old = new BinaryWriter()
      .tag(statusField, WireType.LengthDelimited)
      .bytes(status.finish());
    expect(getCallbackToken(decode(carrier, old.finish()))).toBeUndefined();
  });
});
