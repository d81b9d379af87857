import { ApiResourceOwnerScope } from "../apiresource.js";
import { maxCallbackTokenBytes } from "../execution/kinds.js";
import { shown } from "./shown.js";
import type { ViolationRule } from "./violation.js";

/** What must hold for one field, besides defined enum values and timestamps in UTC. */
export interface Invariant {
  /** Path of the field by its proto names; empty for the message itself. */
  readonly field: string;
  readonly rule: ViolationRule;
  /** Says what is wrong with the value, undefined when it is right. */
  readonly check: (value: never) => string | undefined;
}

const apiVersion = "agentic.stigmer.ai/v1";

/** The invariants of shared fields and requests, by the full name of the message. */
export const invariants: Readonly<Record<string, readonly Invariant[]>> = {
  "ai.stigmer.agentic.workflowexecution.v1.WorkflowExecution": [
    isText("api_version", apiVersion),
    isText("kind", "WorkflowExecution"),
    isPresent("metadata"),
    startsWith("metadata.id", "wex"),
    {
      field: "metadata.owner_scope",
      rule: "enum.in",
      check: (scope: ApiResourceOwnerScope) =>
        scope === ApiResourceOwnerScope.organization ||
        scope === ApiResourceOwnerScope.identity_account ||
        ApiResourceOwnerScope[scope] === undefined
          ? undefined
          : `must be organization or identity_account, got ${ApiResourceOwnerScope[scope]}`,
    },
    isPresent("spec"),
  ],
  "ai.stigmer.agentic.workflowexecution.v1.WorkflowExecutionSpec": [
    {
      field: "",
      rule: "workflow.reference",
      check: (spec: { workflowInstanceId: string; workflowId: string }) =>
        spec.workflowInstanceId === "" && spec.workflowId === ""
          ? "must have at least one of workflow_instance_id and workflow_id"
          : undefined,
    },
    isPossibleToken("callback_token"),
  ],
  "ai.stigmer.agentic.workflowexecution.v1.WorkflowExecutionUpdateStatusInput": [
    isNotEmpty("execution_id"),
    isPresent("status"),
    isSpecified("status.phase"),
  ],
  "ai.stigmer.agentic.workflowexecution.v1.WorkflowExecutionId": [isNotEmpty("value")],
  "ai.stigmer.agentic.workflowexecution.v1.WorkflowId": [isNotEmpty("value")],
  "ai.stigmer.agentic.workflowexecution.v1.SubscribeWorkflowExecutionRequest": [
    isNotEmpty("execution_id"),
  ],
  "ai.stigmer.agentic.workflowexecution.v1.ListWorkflowExecutionsRequest": [...isPage()],
  "ai.stigmer.agentic.workflowexecution.v1.ListWorkflowExecutionsByWorkflowRequest": [
    isNotEmpty("workflow_id"),
    ...isPage(),
  ],
  "ai.stigmer.agentic.agentexecution.v1.AgentExecution": [
    isText("api_version", apiVersion),
    isText("kind", "AgentExecution"),
    isPresent("metadata"),
    startsWith("metadata.id", "aex"),
    {
      field: "metadata.owner_scope",
      rule: "enum.const",
      check: (scope: ApiResourceOwnerScope) =>
        scope === ApiResourceOwnerScope.api_resource_owner_scope_unspecified ||
        ApiResourceOwnerScope[scope] === undefined
          ? undefined
          : `must be unspecified, got ${ApiResourceOwnerScope[scope]}`,
    },
    isPresent("spec"),
  ],
  "ai.stigmer.agentic.agentexecution.v1.AgentExecutionSpec": [
    {
      field: "",
      rule: "agent.reference",
      check: (spec: { sessionId: string; agentId: string }) =>
        spec.sessionId === "" && spec.agentId === ""
          ? "must have at least one of session_id and agent_id"
          : undefined,
    },
    isNotEmpty("message"),
    isPossibleToken("callback_token"),
  ],
  "ai.stigmer.agentic.agentexecution.v1.AgentExecutionUpdateStatusInput": [
    isNotEmpty("execution_id"),
    isPresent("status"),
    isSpecified("status.phase"),
  ],
  "ai.stigmer.agentic.agentexecution.v1.AgentExecutionId": [isNotEmpty("value")],
  "ai.stigmer.agentic.agentexecution.v1.SessionId": [isNotEmpty("value")],
  "ai.stigmer.agentic.agentexecution.v1.ListAgentExecutionsRequest": [...isPage()],
  "ai.stigmer.agentic.agentexecution.v1.ListAgentExecutionsBySessionRequest": [
    isNotEmpty("session_id"),
    ...isPage(),
  ],
  "ai.stigmer.agentic.workflowrunner.v1.WorkflowExecuteInput": [
    isNotEmpty("workflow_execution_id"),
  ],
  "ai.stigmer.agentic.workflowrunner.v1.CancelExecutionRequest": [isNotEmpty("execution_id")],
  "ai.stigmer.agentic.workflowrunner.v1.PauseExecutionRequest": [isNotEmpty("execution_id")],
  "ai.stigmer.agentic.workflowrunner.v1.ResumeExecutionRequest": [isNotEmpty("execution_id")],
  "ai.stigmer.agentic.executioncontext.v1.ExecutionContextSpec": [isNotEmpty("execution_id")],
  "ai.stigmer.agentic.executioncontext.v1.ExecutionValue": [isNotEmpty("value")],
  "ai.stigmer.commons.apiresource.ApiResourceId": [isNotEmpty("value")],
};

function isPresent(field: string): Invariant {
  return {
    field,
    rule: "required",
    check: (value: unknown) => (value === undefined ? "is required" : undefined),
  };
}

function isSpecified(field: string): Invariant {
  return {
    field,
    rule: "required",
    check: (value: number) => (value === 0 ? "must be specified" : undefined),
  };
}

function isNotEmpty(field: string): Invariant {
  return {
    field,
    rule: "string.min_len",
    check: (value: string) => (value === "" ? "must not be empty" : undefined),
  };
}

function isText(field: string, expected: string): Invariant {
  return {
    field,
    rule: "string.const",
    check: (value: string) =>
      value === expected ? undefined : `must be ${shown(expected)}, got ${shown(value)}`,
  };
}

function startsWith(field: string, prefix: string): Invariant {
  return {
    field,
    rule: "string.prefix",
    check: (value: string) =>
      value === "" || value.startsWith(prefix)
        ? undefined
        : `must start with ${shown(prefix)}, got ${shown(value)}`,
  };
}

function isPossibleToken(field: string): Invariant {
  return {
    field,
    rule: "bytes.max_len",
    check: (value: Uint8Array) =>
      value.length > maxCallbackTokenBytes
        ? `must have at most ${maxCallbackTokenBytes} bytes, got ${value.length}`
        : undefined,
  };
}

function isPage(): Invariant[] {
  return [
    {
      field: "page_size",
      rule: "int32.gte_lte",
      check: (value: number) =>
        value < 0 || value > 100 ? `must be 0 to 100, got ${value}` : undefined,
    },
    {
      field: "page_token",
      rule: "string.page_number",
      check: (value: string) =>
        /^([1-9]\d{0,8})?$/.test(value)
          ? undefined
          : `must be empty or a page's number from 1, got ${shown(value)}`,
    },
  ];
}
