import type { JsonValue } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { goErrorText, withoutGoSecrets } from "../../../src/temporal/runner/go-report.js";

const json: fc.Arbitrary<JsonValue> = fc
  .jsonValue({ maxDepth: 4 })
  .map((value) => JSON.parse(JSON.stringify(value)));

describe("the text of a Go error", () => {
  it.each<[JsonValue, string]>([
    ["disk full", "disk full"],
    [{ message: "disk full", code: 7 }, "disk full"],
    [{ Message: "disk full" }, "disk full"],
    [{ error: "disk full" }, "disk full"],
    [{ Error: "disk full" }, "disk full"],
    [{ message: 7, Error: "disk full" }, "disk full"],
  ])("of %j is what it says", (error, text) => {
    expect(goErrorText(error)).toBe(text);
  });

  it.each<[JsonValue]>([[{}], [null], [""], [[]], [["disk full"]], [7], [{ message: null }]])(
    "of %j is empty",
    (error) => {
      expect(goErrorText(error)).toBe("");
    },
  );

  it("is a text whatever the error is", () => {
    fc.assert(
      fc.property(json, (error) => {
        expect(goErrorText(error)).toBeTypeOf("string");
      }),
    );
  });
});

describe("a Go result without its secrets", () => {
  const token = "c2VzYW1l";
  const secret = "open sesame";
  const execution = {
    metadata: { id: "wex-1" },
    spec: {
      callback_token: token,
      callbackToken: token,
      runtime_env: {
        KEY: { value: secret, is_secret: true },
        JSON_KEY: { value: secret, isSecret: true },
        REGION: { value: "eu", is_secret: false },
        ZONE: { value: "a" },
      },
    },
  };
  const safe = {
    metadata: { id: "wex-1" },
    spec: {
      runtime_env: {
        KEY: { is_secret: true },
        JSON_KEY: { isSecret: true },
        REGION: { value: "eu", is_secret: false },
        ZONE: { value: "a" },
      },
    },
  };

  it("has neither the token nor a secret value, and all the rest", () => {
    expect(withoutGoSecrets(execution)).toEqual(safe);
  });

  it("has none where a Go struct has no tags", () => {
    const untagged = {
      Spec: {
        CallbackToken: "AQID",
        RuntimeEnv: { KEY: { Value: "hunter2", IsSecret: true }, REGION: { Value: "eu" } },
      },
    };
    expect(withoutGoSecrets(untagged)).toEqual({
      Spec: { RuntimeEnv: { KEY: { IsSecret: true }, REGION: { Value: "eu" } } },
    });
  });

  it("has none at any depth, in lists and in objects", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.constant(0)), { maxLength: 6 }), (path) => {
        const around = (inner: JsonValue) =>
          path.reduce<JsonValue>(
            (value, key) =>
              typeof key === "number" ? ["x", value] : Object.fromEntries([[key, value]]),
            inner,
          );
        fc.pre(!path.includes("callback_token") && !path.includes("callbackToken"));
        expect(withoutGoSecrets(around(execution))).toEqual(around(safe));
      }),
    );
  });

  it("is the same value where there is no secret, and the result stays as it was", () => {
    fc.assert(
      fc.property(json, (result) => {
        const text = JSON.stringify(result);
        fc.pre(!/callback_?token|is_?secret/i.test(text));
        expect(withoutGoSecrets(result)).toEqual(result);
        expect(JSON.stringify(result)).toBe(text);
      }),
    );
    const before = structuredClone(execution);
    withoutGoSecrets(execution);
    expect(execution).toEqual(before);
  });
});
