import type { DescField } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { ExecutionPhase as AgentPhase } from "../../src/agentexecution/v1.js";
import { invariants } from "../../src/validation/invariants.js";
import { ExecutionPhase as WorkflowPhase } from "../../src/workflowexecution/v1.js";
import { contractFiles } from "./fixtures.js";

const messages = new Map(
  contractFiles.flatMap((file) => file.messages).map((desc) => [desc.typeName, desc]),
);

describe("the table of invariants", () => {
  it.each(Object.entries(invariants))("names only fields that %s has", (typeName, rules) => {
    const desc = messages.get(typeName);
    expect(desc, "a message of the contract").toBeDefined();
    for (const { field } of rules) {
      let fields: readonly DescField[] = desc?.fields ?? [];
      for (const name of field === "" ? [] : field.split(".")) {
        const found = fields.find((candidate) => candidate.name === name);
        expect(found, field).toBeDefined();
        fields = found?.message?.fields ?? [];
      }
    }
  });

  it("has one rule of a kind for a field", () => {
    const rules = Object.entries(invariants).flatMap(([typeName, list]) =>
      list.map(({ field, rule }) => `${typeName} ${field} ${rule}`),
    );
    expect(rules).toEqual([...new Set(rules)]);
  });
});

describe("the two ExecutionPhase enums", () => {
  it("have the same names and numbers, so that one may stand for the other", () => {
    expect(AgentPhase).toEqual(WorkflowPhase);
  });
});
