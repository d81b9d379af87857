import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isUtcTimestamp } from "../../src/validation/is-utc-timestamp.js";

describe("isUtcTimestamp", () => {
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
    expect(isUtcTimestamp(text)).toBe(true);
  });

  it.each([
    ["", "no text"],
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
    expect(isUtcTimestamp(text)).toBe(false);
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
        expect(isUtcTimestamp(text)).toBe(true);
        const [hh, mm] = [Math.floor(offset / 60), offset % 60].map((n) => `${n}`.padStart(2, "0"));
        expect(isUtcTimestamp(text.replace("Z", `${sign}${hh}:${mm}`))).toBe(false);
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
        expect(isUtcTimestamp(text)).toBe(day >= 1 && day <= days);
      }),
      { numRuns: 1000 },
    );
  });

  it("refuses any other text without failing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        fc.pre(!/^\d{4}-/.test(text));
        expect(isUtcTimestamp(text)).toBe(false);
      }),
    );
  });
});
