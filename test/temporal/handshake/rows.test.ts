import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");

/** The test of each row of "What happens when" in docs/temporal.md: its file, and a part of its title. */
const tests: Readonly<Record<string, readonly [file: string, title: string]>> = {
  "the caller's worker dies before `create`": [
    "failures",
    "before it has created the execution leaves that to the next attempt",
  ],
  "it dies between `create` and pending": [
    "failures",
    "after that, but before it is pending, has its execution found",
  ],
  "the answer to `create` is lost": ["identity", "when only the answer to create is lost"],
  "a `create` of a dead attempt comes late and overwrites the execution": [
    "identity",
    "and overwrites the execution is healed by the next attempt",
  ],
  "it dies after the activity went pending": [
    "failures",
    "while it is pending is not missed: the result waits for the next worker",
  ],
  "the attempt times out while the execution runs": [
    "failures",
    "with heartbeats, but past its start-to-close time, is followed by one that re-arms, too",
  ],
  "the attempt times out and the execution has ended": [
    "failures",
    "is followed by one that returns at once when the execution has ended",
  ],
  "an operator resets the activity, so that it counts from 1 again": [
    "waits",
    "whose activity an operator resets, so that it counts from 1 again",
  ],
  "the caller's workflow is reset to before it has asked": [
    "waits",
    "that is reset to before it has asked asks anew",
  ],
  "it is reset while it waits": ["waits", "that is reset while it waits goes on to wait"],
  "somebody writes back an execution that was read before, and a dead token with it": [
    "identity",
    "is not lost when somebody writes back what was read before",
  ],
  "the execution ends before the activity is pending": [
    "failures",
    "before its caller is pending has its result",
  ],
  "the runner's worker dies before it reports": [
    "failures",
    "before it has reported has the next one report",
  ],
  "it dies after it has reported, or reports twice": [
    "failures",
    "after it has reported has the next one report again, which changes nothing",
  ],
  "the runner's workflow is terminated, or no worker runs it any more": [
    "waits",
    "that is terminated has its caller told what was last known",
  ],
  "it is a child whose parent reports": ["waits", "fails the caller at once when the child"],
  "it fails by its `failureExceptionTypes`": ["waits", "that fails by its failure types reports"],
  "it is reset": ["waits", "that is reset runs again, and its caller gets the result once"],
  "it never publishes how it has ended": [
    "waits",
    "that ends without having published that gives its caller the result",
  ],
  "it sends no heartbeats": ["waits", "that sends no heartbeats has its result taken"],
  "the caller's workflow is cancelled": [
    "cancellation",
    "by a caller whose execution takes long to clean up",
  ],
  "the body ignores that and completes": [
    "cancellation",
    "by one whose execution does not mind, and completes",
  ],
  "the caller's workflow is cancelled while its runner is down": [
    "cancellation",
    "while its runner is down is told that nobody confirmed it",
  ],
  "it is terminated": [
    "cancellation",
    "leaves the execution as it is: it goes on, and its report is dropped",
  ],
  "the result is too large for Temporal": ["sizes", ""],
  "a runner completes the activity with Go's JSON, with plain JSON or with nothing": [
    "../workflow/outcome-of-wait.system",
    "gets the status that its execution has ended with",
  ],
  "a Temporal server dies and comes back": ["outages", "while a report is sent"],
  "the execution service is away, or is killed": [
    "outages",
    "before the execution is created has it created after that",
  ],
  "another execution has the name, and the service refuses that": [
    "identity",
    "that another execution has is refused at once",
  ],
  "the token is garbage": ["failures-misdirected", "that is none is refused at the first try"],
  "the runner reports to an address or a namespace that does not exist": [
    "failures-misdirected",
    "an address where nothing listens: tries until the time for reports is over",
  ],
  "it reports to another namespace that exists": [
    "failures-misdirected",
    "another namespace: is refused at the first try",
  ],
};

describe("the table of what happens when", () => {
  it("has a test for each of its rows", () => {
    const [, section = ""] = read("../../../docs/temporal.md").split("## What happens when");
    const [table = ""] = section.split("## Failures");
    const rows = [...table.matchAll(/^\| (.+?) \| .+ \|$/gm)].map(([, when]) => when);
    expect(rows.filter((row) => row !== "when" && row !== "---")).toEqual(Object.keys(tests));
  });

  it.each(Object.entries(tests))("says what is tested: %s", (_, [file, title]) => {
    expect(read(`${file}.test.ts`)).toContain(title);
  });
});
