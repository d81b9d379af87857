import type { JsonObject } from "@bufbuild/protobuf";
import { type CallbackToken, formatCallbackToken, parseCallbackToken } from "../../token/index.js";

/**
 * The input of the workflow type `ExecuteServerlessWorkflow` as it is in JSON, with the keys of the
 * Go worker's struct. `[]byte` is Base64.
 */
export interface TemporalWorkflowInput {
  /** `metadata.id` of the WorkflowExecution to run. */
  WorkflowExecutionID: string;
  /** A CNCF Serverless Workflow document in YAML. */
  WorkflowYaml: string;
  Metadata: JsonObject | null;
  InitialData: JsonObject | null;
  EnvVars: JsonObject | null;
  OrgId: string;
  /** The callback token; null when nobody waits. */
  CallbackToken: string | null;
}

/** The input of the workflow type `ExecuteServerlessWorkflow`, as a workflow uses it. */
export interface WorkflowInput {
  /** `metadata.id` of the WorkflowExecution to run. */
  readonly executionId: string;
  /** A CNCF Serverless Workflow document in YAML. */
  readonly workflowYaml: string;
  readonly metadata?: JsonObject | undefined;
  readonly initialData?: JsonObject | undefined;
  readonly envVars?: JsonObject | undefined;
  readonly orgId: string;
  /** Absent when nobody waits. */
  readonly callbackToken?: CallbackToken | undefined;
}

/**
 * Reads the input of the workflow type `ExecuteServerlessWorkflow`. Absent keys are as Go reads
 * them: empty or null. An empty token is none.
 *
 * Throws a `TypeError` for an input whose keys have other types, and a `CallbackTokenError` for a
 * token that is not Base64 or too long.
 */
export function decodeTemporalWorkflowInput(input: TemporalWorkflowInput): WorkflowInput {
  if (typeof input !== "object" || input === null) {
    throw new TypeError(`TemporalWorkflowInput: expected an object, got ${typeOf(input)}`);
  }
  const token = read(input, "CallbackToken", "string");
  return {
    executionId: read(input, "WorkflowExecutionID", "string") ?? "",
    workflowYaml: read(input, "WorkflowYaml", "string") ?? "",
    metadata: read(input, "Metadata", "object"),
    initialData: read(input, "InitialData", "object"),
    envVars: read(input, "EnvVars", "object"),
    orgId: read(input, "OrgId", "string") ?? "",
    callbackToken: token ? parseCallbackToken(token) : undefined,
  };
}

/**
 * Writes the input of the workflow type `ExecuteServerlessWorkflow`, for Go's encoding/json.
 *
 * Throws a `CallbackTokenError` for a token that cannot be one.
 */
export function encodeTemporalWorkflowInput(input: WorkflowInput): TemporalWorkflowInput {
  const { callbackToken: token } = input;
  return {
    WorkflowExecutionID: input.executionId,
    WorkflowYaml: input.workflowYaml,
    Metadata: input.metadata ?? null,
    InitialData: input.initialData ?? null,
    EnvVars: input.envVars ?? null,
    OrgId: input.orgId,
    CallbackToken: token === undefined ? null : formatCallbackToken(token),
  };
}

interface Types {
  string: string;
  object: JsonObject;
}

function read<T extends keyof Types>(
  input: TemporalWorkflowInput,
  key: keyof TemporalWorkflowInput,
  type: T,
): Types[T] | undefined {
  const value: unknown = input[key];
  if (value === undefined || value === null) return undefined;
  if (typeOf(value) !== type) {
    throw new TypeError(`${key}: expected ${type} or null, got ${typeOf(value)}`);
  }
  return value as Types[T];
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
