import {
  type DescFile,
  type DescMessage,
  fromJson,
  type JsonObject,
  type JsonValue,
} from "@bufbuild/protobuf";
import * as agents from "../../src/agentexecution/v1.js";
import * as resources from "../../src/apiresource.js";
import * as contexts from "../../src/executioncontext/v1.js";
import type { Execution } from "../../src/index.js";
import { ValidationError } from "../../src/validation/index.js";
import * as workflows from "../../src/workflowexecution/v1.js";
import * as runners from "../../src/workflowrunner/v1.js";

/** The descriptors of all files of the contract. */
export const contractFiles: DescFile[] = [agents, resources, contexts, workflows, runners]
  .flatMap((module): unknown[] => Object.values(module))
  .filter((value): value is DescFile => (value as DescFile).kind === "file");

/** A kind of execution, with the JSON form of a valid one. */
export interface Kind {
  readonly name: string;
  readonly schema: DescMessage;
  readonly json: JsonObject;
}

export const workflow: Kind = {
  name: "WorkflowExecution",
  schema: workflows.WorkflowExecutionSchema,
  json: {
    api_version: "agentic.stigmer.ai/v1",
    kind: "WorkflowExecution",
    metadata: { name: "nightly-report", id: "wex-1", owner_scope: "organization" },
    spec: {
      workflow_id: "wfl-1",
      runtime_env: { API_KEY: { value: "sk-1", is_secret: true } },
      callback_token: "AAEC",
    },
    status: {
      phase: "EXECUTION_FAILED",
      tasks: [
        { task_id: "t0", task_type: "WORKFLOW_TASK_API_CALL", output: { started_at: "any text" } },
        { task_id: "t1", status: "WORKFLOW_TASK_FAILED", started_at: "2026-01-31T12:00:00Z" },
      ],
      output: { rows: [1, null, { completed_at: 7 }] },
      started_at: "2026-01-31T11:59:59.5Z",
      completed_at: "2026-01-31T12:00:01Z",
      audit: { status_audit: { updated_at: "2026-01-31T12:00:01Z" } },
    },
  },
};

export const agent: Kind = {
  name: "AgentExecution",
  schema: agents.AgentExecutionSchema,
  json: {
    api_version: "agentic.stigmer.ai/v1",
    kind: "AgentExecution",
    metadata: { name: "summary", id: "aex-1" },
    spec: {
      agent_id: "agt-1",
      message: "Summarise the report.",
      runtime_env: { API_KEY: { value: "sk-1", is_secret: true } },
      callback_token: "AAEC",
    },
    status: {
      phase: "EXECUTION_IN_PROGRESS",
      messages: [{ type: "MESSAGE_AI", timestamp: "2026-01-31T12:00:00Z" }],
      todos: { t1: { content: "read", status: "TODO_PENDING" } },
    },
  },
};

/** Values by the path of their field, written as in a violation; undefined takes a field out. */
export type Changes = Readonly<Record<string, JsonValue | undefined>>;

/** A valid execution with some fields changed. */
export function executionWith({ schema, json }: Kind, changes: Changes = {}): Execution {
  const changed = structuredClone(json);
  for (const [path, value] of Object.entries(changes)) assign(changed, path, value);
  return fromJson(schema, changed) as Execution;
}

function assign(json: JsonObject, path: string, value: JsonValue | undefined): void {
  const steps = path.match(/[a-z_]+|\d+|"(?:[^"\\]|\\.)*"/g) ?? [];
  const keys = steps.map((step) => (step.startsWith('"') ? JSON.parse(step) : step));
  const last = keys.pop();
  let at = json;
  keys.forEach((key, i) => {
    at[key] ??= /^\d/.test(steps[i + 1] ?? "") ? [] : {};
    at = at[key] as JsonObject;
  });
  if (value === undefined) delete at[last];
  else at[last] = value;
}

/** The `ValidationError` that a call throws. */
export function refusal(call: () => unknown): ValidationError {
  try {
    call();
  } catch (error) {
    if (error instanceof ValidationError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
