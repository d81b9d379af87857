import { create, getOption } from "@bufbuild/protobuf";
import { field as fieldRules } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AgentMessageSchema } from "../../src/agentexecution/v1.js";
import { schemaWithRules } from "../../src/validation/schema-with-rules.js";
import { validateMessage } from "../../src/validation/validate-message.js";
import { contractFiles } from "./fixtures.js";
import { isUtcTimestamp } from "./is-utc-timestamp.js";

/** Whether the rule string.rfc3339_utc accepts a text. */
function accepts(text: string): boolean {
  const violations = validateMessage(create(AgentMessageSchema, { timestamp: text }));
  expect(violations.filter(({ rule }) => rule !== "string.rfc3339_utc")).toEqual([]);
  return violations.length === 0;
}

describe("the rule string.rfc3339_utc", () => {
  it.each([
    ["2026-01-31T12:00:00Z", "plain"],
    ["2026-01-31T12:00:00.5Z", "a fraction"],
    ["2026-01-31T12:00:00.123456789Z", "nanoseconds, as Go writes them"],
    ["2026-01-31t12:00:00z", "lower case"],
    ["2026-01-31T12:00:00+00:00", "the offset zero, as Python writes it"],
    ["2026-01-31T12:00:00-00:00", "the unknown local offset"],
    ["2016-12-31T23:59:60Z", "a leap second"],
    ["2024-02-29T00:00:00Z", "a leap day"],
    ["2000-02-29T00:00:00Z", "the leap day of a fourth century"],
    ["0000-02-29T00:00:00Z", "the first year, a leap year"],
    ["9999-12-31T23:59:59Z", "the last year"],
  ])("accepts %s: %s", (text) => {
    expect(accepts(text)).toBe(true);
  });

  it.each([
    [" ", "a space"],
    ["2026-02-30T12:00:00Z", "February 30"],
    ["2026-02-29T12:00:00Z", "a leap day of another year"],
    ["1900-02-29T12:00:00Z", "a leap day of a century"],
    ["2026-04-31T12:00:00Z", "April 31"],
    ["2026-13-01T12:00:00Z", "a thirteenth month"],
    ["2026-00-01T12:00:00Z", "month zero"],
    ["2026-01-00T12:00:00Z", "day zero"],
    ["2026-01-31T24:00:00Z", "hour 24"],
    ["2026-01-31T12:60:00Z", "minute 60"],
    ["2026-01-31T12:00:61Z", "second 61"],
    ["2026-01-31T12:00:00+02:00", "local time"],
    ["2026-01-31T12:00:00", "no offset"],
    ["2026-01-31T12:00:00+0000", "an offset without colon"],
    ["2026-01-31 12:00:00Z", "a space"],
    ["2026-01-31T12:00Z", "no seconds"],
    ["2026-01-31T12:00:00.Z", "a point without fraction"],
    ["2026-01-31T12:00:00,5Z", "a comma"],
    ["2026-01-31", "only a date"],
    ["20260131T120000Z", "the basic form of ISO 8601"],
    ["+002026-01-31T12:00:00Z", "a signed year"],
    ["2026-01-31T12:00:00Z\n", "a line break behind"],
    [" 2026-01-31T12:00:00Z", "a space in front"],
    ["\uff12026-01-31T12:00:00Z", "a full-width digit"],
    ["1769860800", "seconds since 1970"],
  ])("refuses %j: %s", (text) => {
    expect(accepts(text)).toBe(false);
  });

  it("accepts what Date writes of any moment of four-digit years, but not with another offset", () => {
    const moment = fc.date({
      min: new Date("0000-01-01T00:00:00Z"),
      max: new Date("9999-12-31T23:59:59Z"),
      noInvalidDate: true,
    });
    const minutes = fc.integer({ min: 1, max: 14 * 60 });
    fc.assert(
      fc.property(moment, minutes, fc.constantFrom("+", "-"), (date, offset, sign) => {
        const text = date.toISOString();
        expect(accepts(text)).toBe(true);
        const [hh, mm] = [Math.floor(offset / 60), offset % 60].map((n) => `${n}`.padStart(2, "0"));
        expect(accepts(text.replace("Z", `${sign}${hh}:${mm}`))).toBe(false);
      }),
    );
  });

  it("knows the days of every month", () => {
    const parts = fc.tuple(fc.nat(9999), fc.nat(13), fc.nat(32));
    fc.assert(
      fc.property(parts, ([year, month, day]) => {
        const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
        const days = [0, 31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month] ?? 0;
        const [y, m, d] = [`${year}`.padStart(4, "0"), `${month}`.padStart(2, "0"), `${day}`];
        const text = `${y}-${m}-${d.padStart(2, "0")}T00:00:00Z`;
        expect(accepts(text)).toBe(day >= 1 && day <= days);
      }),
      { numRuns: 1000 },
    );
  });

  it("refuses any other text without failing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        fc.pre(text !== "" && !/^\d{4}-/.test(text));
        expect(accepts(text)).toBe(false);
      }),
    );
  });

  it("accepts what a calendar does, of texts that are nearly timestamps", () => {
    const number = (max: number, length: number) =>
      fc.integer({ min: 0, max }).map((n) => `${n}`.padStart(length, "0"));
    const year = fc.oneof(number(9999, 4), fc.constantFrom("1900", "2000", "2024", "0000"));
    const parts = fc.tuple(
      ...[year, fc.constant("-"), number(13, 2), fc.constant("-"), number(32, 2)],
      fc.constantFrom("T", "t", " ", ""),
      ...[number(25, 2), fc.constant(":"), number(61, 2), fc.constant(":"), number(62, 2)],
      fc.constantFrom("", ".5", ".", ".123456789", ",5"),
      fc.constantFrom("Z", "z", "", "+00:00", "-00:00", "+01:00", "Z\n"),
    );
    fc.assert(
      fc.property(parts, (texts) => {
        const text = texts.join("");
        expect(accepts(text)).toBe(isUtcTimestamp(text));
      }),
      { numRuns: 2000 },
    );
  });

  it("is the same wherever it stands", () => {
    const rules = contractFiles
      .flatMap(({ messages }) => messages)
      .flatMap(({ typeName }) => schemaWithRules(typeName).fields)
      .flatMap((field) => getOption(field, fieldRules).cel)
      .filter(({ id }) => id === "string.rfc3339_utc");
    expect(rules).toHaveLength(13);
    expect(new Set(rules.map((rule) => JSON.stringify(rule))).size).toBe(1);
  });
});
