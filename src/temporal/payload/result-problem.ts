import type { ExecutionStatus } from "../../execution/execution.js";
import { schemaOf } from "../../execution/schemas.js";
import { fieldWithoutJson } from "./field-without-json.js";
import { type Measure, measuring } from "./json-bytes.js";

/**
 * Why a status cannot be the result of an activity, however small it is made: a sentence that names
 * the field; undefined when it can.
 */
export function resultProblem(
  status: ExecutionStatus,
  measure: Measure = measuring(status),
): string | undefined {
  if (Number.isFinite(measure(status))) return undefined;
  const field = fieldWithoutJson(schemaOf(status), status) ?? "status";
  return `the execution completed, but its result has no JSON form: ${field} is no JSON value`;
}
