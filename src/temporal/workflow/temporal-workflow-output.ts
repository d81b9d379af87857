import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import { outcomeOf } from "../../execution/outcome-of.js";
import { ExecutionPhase, type WorkflowExecutionStatus } from "../../workflowexecution/v1.js";
import { executionFailure } from "../payload/execution-failure.js";
import { defaultPayloadLimit } from "../payload/payload-limit.js";
import { goStruct } from "./go-struct.js";

/**
 * The result of the workflow type `ExecuteServerlessWorkflow` as it is in JSON, with the keys of the
 * Go worker's struct. A Go caller reads it as plain JSON: a message in its place fails there.
 */
export interface TemporalWorkflowOutput {
  Result: JsonValue;
  FinalState: JsonObject | null;
  WorkflowName: string;
  /** `metadata.id` of the WorkflowExecution that was run. */
  ExecutionID: string;
  /** How long the run took, as the runner tells it. */
  ExecutionTime: JsonValue;
}

/** The result of the workflow type `ExecuteServerlessWorkflow`, as a workflow uses it. */
export interface WorkflowOutput {
  readonly result?: JsonValue | undefined;
  readonly finalState?: JsonObject | undefined;
  readonly workflowName: string;
  /** `metadata.id` of the WorkflowExecution that was run. */
  readonly executionId: string;
  /** How long the run took, as the runner tells it. */
  readonly executionTime?: JsonValue | undefined;
}

/**
 * Reads the result of the workflow type `ExecuteServerlessWorkflow`. Absent keys are as Go reads
 * them: empty or null.
 *
 * Throws a `TypeError` for an output whose keys have other types.
 */
export function decodeTemporalWorkflowOutput(output: TemporalWorkflowOutput): WorkflowOutput {
  const { read, value } = goStruct("TemporalWorkflowOutput", output);
  return {
    result: value("Result"),
    finalState: read("FinalState", "object"),
    workflowName: read("WorkflowName", "string") ?? "",
    executionId: read("ExecutionID", "string") ?? "",
    executionTime: value("ExecutionTime"),
  };
}

/**
 * The result of the workflow type `ExecuteServerlessWorkflow` for a run that has ended with this
 * status: its output, and in the final state its phase.
 *
 * Throws an `ApplicationFailure` of type `ExecutionFailed` or `ExecutionCancelled` for a status that is
 * not COMPLETED: a Go caller takes every run that returns something for completed.
 */
export function toTemporalWorkflowOutput(
  status: WorkflowExecutionStatus,
  { executionId, workflowName }: Pick<WorkflowOutput, "executionId" | "workflowName">,
): TemporalWorkflowOutput {
  const outcome = outcomeOf(status);
  if (outcome !== "completed") {
    const type = outcome === "cancelled" ? "ExecutionCancelled" : "ExecutionFailed";
    throw executionFailure(type, status, { payloadLimit: defaultPayloadLimit });
  }
  return encodeTemporalWorkflowOutput({
    executionId,
    workflowName,
    result: status.output,
    finalState: { phase: ExecutionPhase[status.phase] },
  });
}

/** Writes the result of the workflow type `ExecuteServerlessWorkflow`, for Go's encoding/json. */
export function encodeTemporalWorkflowOutput(output: WorkflowOutput): TemporalWorkflowOutput {
  return {
    Result: output.result ?? null,
    FinalState: output.finalState ?? null,
    WorkflowName: output.workflowName,
    ExecutionID: output.executionId,
    ExecutionTime: output.executionTime ?? null,
  };
}
