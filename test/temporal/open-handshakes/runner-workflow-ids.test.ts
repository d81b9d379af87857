import { expect, test } from "vitest";
import { runnerWorkflowIds } from "../../../src/temporal/open-handshakes/runner-workflow-ids.js";

test.each([
  [undefined, ["wex-1", "workflow-exec-wex-1"]],
  ["run-7", ["run-7", "wex-1", "workflow-exec-wex-1"]],
  ["workflow-exec-wex-1", ["workflow-exec-wex-1", "wex-1"]],
])("the workflow of wex-1, whose status says %s, is looked for as %j", (inStatus, ids) => {
  expect(runnerWorkflowIds("wex-1", inStatus)).toEqual(ids);
});
