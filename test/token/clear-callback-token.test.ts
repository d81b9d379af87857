import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { clearCallbackToken, hasCallbackToken } from "../../src/index.js";
import {
  carriers,
  decode,
  decodeLater,
  encode,
  executions,
  type Target,
  taskToken,
} from "./fixtures.js";

describe.each(carriers)("clearCallbackToken of $name", (carrier) => {
  it("takes the token out and says that there was one", () => {
    const target = carrier.make(taskToken);
    expect(clearCallbackToken(target)).toBe(true);
    expect(hasCallbackToken(target)).toBe(false);
    expect(clearCallbackToken(target)).toBe(false);
  });

  it("says that there was none", () => {
    const target = carrier.make();
    expect(clearCallbackToken(target)).toBe(false);
    expect(target).toStrictEqual(carrier.make());
  });

  it("keeps all other fields, those of a later contract too", () => {
    const target = decodeLater(carrier, carrier.make(taskToken));
    clearCallbackToken(target);
    const read = decode(carrier, encode(carrier, target));
    expect(read).toStrictEqual(decodeLater(carrier, carrier.make()));
  });
});

describe.each(executions)("clearCallbackToken of $name", ({ schema }) => {
  it("does nothing without a spec", () => {
    const target = create(schema) as Target;
    expect(clearCallbackToken(target)).toBe(false);
    expect(target).toStrictEqual(create(schema));
  });
});
