import type { JsonObject } from "@bufbuild/protobuf";
import { type CallbackToken, formatCallbackToken, parseCallbackToken } from "../../token/index.js";
import { goStruct } from "./go-struct.js";

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
  const { read } = goStruct("TemporalWorkflowInput", input);
  const token = read("CallbackToken", "string");
  return {
    executionId: read("WorkflowExecutionID", "string") ?? "",
    workflowYaml: read("WorkflowYaml", "string") ?? "",
    metadata: read("Metadata", "object"),
    initialData: read("InitialData", "object"),
    envVars: read("EnvVars", "object"),
    orgId: read("OrgId", "string") ?? "",
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
