import { expect, test } from "vitest";
import { ExecutionPhaseSchema as AgentPhaseSchema } from "../../src/agentexecution/v1.js";
import { isTerminal } from "../../src/handshake/index.js";
import { ExecutionPhaseSchema as WorkflowPhaseSchema } from "../../src/workflowexecution/v1.js";
import { kinds } from "../testing/fixtures.js";

test("the phases of both kinds have the same names and numbers", () => {
  const [workflow, agent] = [WorkflowPhaseSchema, AgentPhaseSchema].map(({ values }) =>
    values.map(({ name, number }) => [name, number]),
  );
  expect(workflow).toEqual(agent);
});

test.each(kinds)("a $name has ended when it is completed, failed or cancelled", (kind) => {
  const ended = [0, 1, 2, 3, 4, 5, 99].filter((phase) =>
    isTerminal(kind.valid({ status: { phase } })),
  );
  expect(ended).toEqual([3, 4, 5]);
  expect(isTerminal(kind.valid())).toBe(false);
});
