import { create } from "@bufbuild/protobuf";
import { WorkflowExecutionSchema } from "@stigmer/apis/workflowexecution/v1";
import { describe, expect, it } from "vitest";
import { balanceOf } from "./balance.js";
import type { HistoryReport } from "./reports-of.js";
import type { CountedValue } from "./values.js";

describe("the balance of a soak", () => {
  const created = [
    create(WorkflowExecutionSchema, { metadata: { id: "wex-1", tags: ["temporal:run-1/1"] } }),
  ];
  const report: HistoryReport = {
    executionId: "wex-1",
    activityId: "7",
    attempt: 2,
    result: "already-settled",
  };
  const handshake = (result: string, attempt = 1): CountedValue => ({
    name: "stigmer_handshakes",
    value: 1,
    labels: { result },
    from: { runId: "run-1", activityId: "1", attempt },
  });
  const counted = (result: string, attempt: number): CountedValue => ({
    name: "stigmer_reports",
    value: 1,
    labels: { result },
    from: { workflowId: "wex-1", activityId: "7", attempt },
  });
  const settled = [counted("reported", 1), counted("already_settled", 2)];
  type Given = Partial<Parameters<typeof balanceOf>[0]>;
  const balance = (values: readonly CountedValue[], given: Given = {}) =>
    balanceOf({
      values,
      created,
      reports: [report],
      droppedInLogs: 1,
      mayLoseAnswers: false,
      ...given,
    });

  it("tells a report that was made again, because its attempt died after it was counted", () => {
    const { lines, problems } = balance([handshake("started"), ...settled]);
    expect(problems).toEqual([]);
    expect(lines.join("\n")).toContain("executions 1 = started 1 + 0");
    expect(lines.join("\n")).toContain("reported 0 + dropped 1 + failed 0; 1 more");
  });

  it("takes a creation for lost only if the first attempt cannot have counted it", () => {
    const lost = [handshake("rearmed", 2), ...settled];
    expect(balance(lost).problems).toEqual([]);
    expect(balance(lost).lines.join("\n")).toContain("executions 1 = started 0 + 1");
    const found = [handshake("rearmed"), ...settled];
    expect(balance(found).problems).toEqual(["wex-1: was counted as started 0 times"]);
    expect(balance(found, { mayLoseAnswers: true }).problems).toEqual([]);
  });

  it.each<[string, readonly CountedValue[], Given?]>([
    ["counted twice", [handshake("started"), handshake("started", 2), ...settled]],
    ["counted, and created by nobody", [handshake("started"), ...settled], { created: [] }],
    ["not counted by its last attempt", [handshake("started"), counted("already_settled", 1)]],
    [
      "counted by its last attempt as something else",
      [handshake("started"), counted("reported", 2)],
    ],
    ["counted twice by its last attempt", [handshake("started"), ...settled, ...settled]],
    ["in no history", [handshake("started")], { reports: [], droppedInLogs: 0 }],
    ["dropped by the logs alone", [handshake("started"), ...settled], { droppedInLogs: 2 }],
  ])("has a problem with what was %s", (_, values, given = {}) => {
    expect(balance(values, given).problems).not.toEqual([]);
  });
});
