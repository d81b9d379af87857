import { toJsonString } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { schemaOf } from "../../../src/execution/schemas.js";
import { fitStatus } from "../../../src/temporal/payload/fit-status.js";
import { jsonBytesOf, measuring } from "../../../src/temporal/payload/json-bytes.js";
import { textBytes } from "../../../src/temporal/payload/payload-limit.js";
import { arbitraryStatus } from "./arbitrary-status.js";

describe("the size of a status", () => {
  it("is that of its JSON, or infinite when it has none", () => {
    fc.assert(
      fc.property(arbitraryStatus, (status) => {
        let bytes = Number.POSITIVE_INFINITY;
        try {
          bytes = textBytes(toJsonString(schemaOf(status), status as never));
        } catch {}
        expect(jsonBytesOf(status)).toBe(bytes);
      }),
    );
  });

  it("is the same for what was cut out of a status that was measured before", () => {
    fc.assert(
      fc.property(arbitraryStatus, fc.nat(20_000), (status, limit) => {
        const measure = measuring(status);
        measure(status);
        const fitted = fitStatus(status, limit, measure);
        expect(measure(fitted)).toBe(jsonBytesOf(fitted));
      }),
    );
  });
});
