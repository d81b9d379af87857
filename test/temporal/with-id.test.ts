import { describe, expect, it } from "vitest";
import { copyOf } from "../../src/execution/copy-of.js";
import { withId } from "../../src/temporal/with-id.js";
import { kinds } from "../testing/fixtures.js";

describe.each(kinds)("a $name that is requested", ({ idPrefix, valid }) => {
  it("gets an id of its kind", () => {
    expect(withId(valid(), () => "of-run-7").metadata.id).toBe(`${idPrefix}-of-run-7`);
  });

  it("gets metadata, too, where it has none", () => {
    const request = valid();
    delete request.metadata;
    expect(withId(request, () => "7").metadata.id).toBe(`${idPrefix}-7`);
  });

  it("keeps the id that it has", () => {
    const makeId = () => expect.fail("expected no new id");
    expect(withId(valid({ id: `${idPrefix}-mine` }), makeId).metadata.id).toBe(`${idPrefix}-mine`);
  });

  it("is not changed itself", () => {
    const request = valid();
    const before = copyOf(request);
    withId(request, () => "7");
    expect(request).toEqual(before);
  });
});
