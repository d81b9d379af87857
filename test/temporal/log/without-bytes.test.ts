import { randomBytes, randomUUID } from "node:crypto";
import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findSecrets } from "../../find-secrets.js";
import { logged } from "./logged.js";
import { newTaskToken } from "./new-task-token.js";

describe("a token in a text", () => {
  it("as a list of numbers leaves no piece, however many of them have two digits", () => {
    for (let count = 0; count < 500; count++) {
      const token = newTaskToken();
      const { message } = logged(`TaskToken(${token.toString("base64")}), bytes: [${[...token]}]`);
      expect(message).toBe("TaskToken([bytes]), bytes: [[bytes]]");
    }
  });

  it("as raw text leaves none of its bytes that are no characters", () => {
    const raw = newTaskToken().toString("latin1");
    for (const text of [raw, JSON.stringify(raw), inspect(raw)]) {
      expect(logged(`before ${text} after`).message).toMatch(
        // biome-ignore lint/suspicious/noControlCharactersInRegex: those must be none.
        /^before (?!.*([\x00-\x08\x0e-\x1f]|\\x|\\u)).* after$/s,
      );
    }
  });

  it("is in no line whatever stands around it", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.nat(2), (before, after, shift) => {
        const token = newTaskToken();
        const shifted = Buffer.concat([randomBytes(shift), token]);
        for (const form of ["base64", "base64url", "hex"] as const) {
          const { message } = logged(`${before}${shifted.toString(form)}${after}`);
          const found = findSecrets(message, [token]);
          expect(found.filter((form) => !form.endsWith(" as text"))).toEqual([]);
        }
      }),
    );
  });
});

describe("a text keeps", () => {
  it.each([
    "Error while processing ActivityTask.start: Activity function HeartbeatExternalActivity is not registered on this Worker",
    'available activities: ["CompleteExternalActivity","FailExternalActivity"]',
    `order-${randomUUID()}`,
    `ORDER-EU-${randomUUID().toUpperCase()} and WEX_PROD_${randomUUID()}`,
    "Order-2026-11-23T10-00-00-abcdef0123",
    "at file:///home/app/node_modules/@temporalio/worker/lib/worker.js:204:40",
    "temporalio_sdk_core::worker::workflow::machines::workflow_machines",
    "type.googleapis.com/temporal.api.errordetails.v1.NotFoundFailure",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "2026-11-23T10:00:00.000Z 10:00:00, 17, 18, 19, 20 and 2001:db8:0:0:0:ff00:42:8329",
    "[32mgreen[39m and two\nlines\tof text, dürfen auch Umlaute haben ☃",
  ])("%s", (text) => {
    expect(logged(text, { text })).toMatchObject({ message: text, meta: { text } });
  });
});
