import { create } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ExecutionValueSchema } from "../../src/executioncontext/v1.js";
import type { Execution } from "../../src/index.js";
import { assertValidExecution, validateExecution } from "../../src/validation/index.js";
import { findSecrets } from "../find-secrets.js";
import { agent, executionWith, refusal, workflow } from "./fixtures.js";

describe("assertValidExecution", () => {
  it.each([workflow, agent])("is content with a valid $name", (kind) => {
    expect(assertValidExecution(executionWith(kind))).toBeUndefined();
  });

  it("throws one error that lists the violations", () => {
    const execution = executionWith(workflow, {
      kind: "Workflow",
      'spec.runtime_env["API_KEY"].value': "",
      "status.tasks[1].started_at": "yesterday",
    });
    const error = refusal(() => assertValidExecution(execution));
    expect(error.code).toBe("invalid");
    expect(error.violations).toEqual(validateExecution(execution));
    expect(String(error)).toBe(
      [
        "ValidationError: ai.stigmer.agentic.workflowexecution.v1.WorkflowExecution has 3 violations:",
        '  kind: must equal `WorkflowExecution`, got "Workflow"',
        '  spec.runtime_env["API_KEY"].value: must be at least 1 characters',
        '  status.tasks[1].started_at: must be an RFC 3339 timestamp in UTC such as 2026-01-31T12:00:00Z, got "yesterday"',
      ].join("\n"),
    );
  });

  it("has a short message for any number of violations, and the first hundred beside it", () => {
    const execution = executionWith(workflow);
    const { runtimeEnv } = execution.spec as { runtimeEnv: Record<string, unknown> };
    runtimeEnv["x".repeat(1_000_000)] = create(ExecutionValueSchema);
    for (let i = 0; i < 200_000; i++) runtimeEnv[`KEY_${i}`] = create(ExecutionValueSchema);
    const error = refusal(() => assertValidExecution(execution));
    expect(error.violations).toHaveLength(100);
    expect(error.violations).toEqual(validateExecution(execution));
    expect(JSON.stringify(error.violations).length).toBeLessThan(20_000);
    expect(error.message).toMatch(/^\S+WorkflowExecution has 200001 violations:\n {2}spec\./);
    expect(error.message).toMatch(/\n {2}and 1999\d\d more$/);
    expect(error.message.length).toBeLessThan(2000);
  });

  it.each(["x", '"', "é", "鍵", "🔑", "\ud83d"])(
    "shows the beginning and the end of a long path of %j",
    (character) => {
      const execution = executionWith(workflow);
      const { runtimeEnv } = execution.spec as { runtimeEnv: Record<string, unknown> };
      runtimeEnv[character.repeat(100_001)] = create(ExecutionValueSchema);
      const { message } = refusal(() => assertValidExecution(execution));
      expect(message.length).toBeLessThan(600);
      const quoted = JSON.stringify(character).slice(1, -1);
      expect(message).toContain(`spec.runtime_env["${quoted}`);
      expect(message).toContain(`…`);
      expect(message).toContain(`${quoted}"].value: must be at least 1 characters`);
      // As Connect puts it into a header, which throws for half a character.
      expect(decodeURIComponent(encodeURIComponent(message))).toBe(message);
    },
  );

  it("counts a single violation as one", () => {
    const execution = executionWith(agent, { "spec.message": "" });
    expect(refusal(() => assertValidExecution(execution)).message).toBe(
      "ai.stigmer.agentic.agentexecution.v1.AgentExecution has 1 violation:\n" +
        '  spec.message: must be at least 1 characters, got ""',
    );
  });

  it("refuses anything but an execution, without violations", () => {
    const error = refusal(() => assertValidExecution(agent.json as unknown as Execution));
    expect(error).toMatchObject({
      code: "wrong-message",
      message: "expected a WorkflowExecution or an AgentExecution, got a plain object",
      violations: [],
    });
  });

  it.each([workflow, agent])("never shows a secret of a $name", (kind) => {
    const secret = fc.uint8Array({ minLength: 12, maxLength: 40 });
    fc.assert(
      fc.property(secret, secret, fc.boolean(), (value, token, isTooLong) => {
        const text = Buffer.from(value).toString("base64url");
        const field = Buffer.concat([token, Buffer.alloc(isTooLong ? 8192 : 0)]);
        const execution = executionWith(kind, {
          kind: "Execution",
          "spec.callback_token": field.toString("base64"),
          'spec.runtime_env["API_KEY"].value': text,
          'spec.runtime_env["EMPTY"].value': "",
        });
        const error = refusal(() => assertValidExecution(execution));
        const shown = [String(error), error.stack, JSON.stringify(error)].join("\n");
        expect(findSecrets(shown, [text, value, token])).toEqual([]);
      }),
    );
  });
});
