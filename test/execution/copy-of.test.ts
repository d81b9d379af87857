import { equals } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { copyOf } from "../../src/execution/copy-of.js";
import { schemaOf } from "../../src/execution/schemas.js";
import { kinds, newToken, present } from "../testing/fixtures.js";

describe.each(kinds)("a copy of a $name", ({ valid }) => {
  const execution = valid({ token: newToken(), status: { phase: 1 } });

  it.each([
    ["all of it", execution],
    ["its spec", present(execution.spec)],
    ["its status", present(execution.status)],
  ])("is equal: %s", (_, message) => {
    const copy = copyOf(message);
    expect(copy).not.toBe(message);
    expect(equals(schemaOf(message), copy, message)).toBe(true);
  });

  it("has nothing in common with it", () => {
    const copy = copyOf(execution);
    present(copy.spec).callbackToken.fill(0);
    present(copy.metadata).labels.team = "night";
    expect(present(execution.spec).callbackToken.some((byte) => byte !== 0)).toBe(true);
    expect(present(execution.metadata).labels).toEqual({});
  });
});
