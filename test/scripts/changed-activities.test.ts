import { expect, test } from "vitest";
import { changedActivities } from "../../scripts/gate/changed-activities.js";
import type { Activity, Type } from "../../scripts/gate/read-activities.js";

const token = { name: "token", type: "Uint8Array" };
const message = { name: "message", type: "string" };
const executionId = { name: "executionId", type: "string", optional: true } as const;
const options = (fields: Extract<Type, { fields: object }>["fields"]) => ({
  name: "options",
  type: { fields },
});
const maxMissed = { type: "number", optional: true } as const;
const rearmed = { fields: { rearmed: { type: "string" } } };

function activity(args: Activity["arguments"], result: Type = "void"): Activity {
  return { arguments: args, result };
}

/** What has changed of one activity. */
function changes(before: Activity, after: Activity): string[] {
  return changedActivities({ Report: before }, { Report: after }).map(({ what }) => what);
}

test.each<[what: string, before: Activity, after: Activity]>([
  [
    "an argument at the end that may be left out",
    activity([token]),
    activity([token, executionId]),
  ],
  [
    "a field of an argument that may be left out",
    activity([options({})]),
    activity([options({ maxMissed })]),
  ],
  [
    "a field of a result that may be left out",
    activity([], rearmed),
    activity([], { fields: { ...rearmed.fields, by: { type: "string", optional: true } } }),
  ],
  [
    "a field of one of several results",
    activity([], { oneOf: ['"gone"', rearmed] }),
    activity([], {
      oneOf: ['"gone"', { fields: { ...rearmed.fields, by: { type: "string", optional: true } } }],
    }),
  ],
])("workers of two versions can do with %s", (_what, before, after) => {
  expect(changes(before, after)).toEqual([]);
});

test("workers of two versions can do with another activity", () => {
  const Report = activity([token]);
  expect(changedActivities({ Report }, { Report, Cancel: Report })).toEqual([]);
});

test.each<[what: string, before: Activity, after: Activity]>([
  ["argument 2, message, is gone", activity([token, message]), activity([token])],
  ["argument 1 is message, and was token", activity([token]), activity([message, executionId])],
  ["the new argument message cannot be left out", activity([token]), activity([token, message])],
  [
    "argument 1, executionId, cannot be left out any more",
    activity([executionId]),
    activity([{ name: "executionId", type: "string" }]),
  ],
  [
    "argument 1, message, can be left out now",
    activity([message]),
    activity([{ ...message, optional: true }]),
  ],
  [
    "argument 1, options, field maxMissed is gone",
    activity([options({ maxMissed })]),
    activity([options({})]),
  ],
  [
    "argument 1, options, field maxMissed is new and cannot be left out",
    activity([options({})]),
    activity([options({ maxMissed: { type: "number" } })]),
  ],
  [
    'its result can also be "gone"',
    activity([], '"ok"'),
    activity([], { oneOf: ['"gone"', '"ok"'] }),
  ],
  [
    'its result is never "gone" any more',
    activity([], { oneOf: ['"gone"', '"ok"'] }),
    activity([], '"ok"'),
  ],
])("workers of two versions cannot do where %s", (what, before, after) => {
  expect(changes(before, after)).toContain(what);
});

test("an activity that is gone is told with its signature", () => {
  const Report = activity([token, executionId]);
  expect(changedActivities({ Report }, {})).toEqual([
    { name: "Report", signature: "Report(token, executionId?)", what: "is gone" },
  ]);
});
