/**
 * Which rule a violation breaks. Standard rules have the ids that protovalidate gives them, so that
 * they keep their names should they move into the protos.
 */
export type ViolationRule =
  | "required"
  | "bytes.max_len"
  | "enum.const"
  | "enum.defined_only"
  | "enum.in"
  | "int32.gte_lte"
  | "number.finite"
  | "string.const"
  | "string.min_len"
  | "string.page_number"
  | "string.prefix"
  | "string.rfc3339_utc"
  | "struct.max_depth"
  | "workflow.reference"
  | "agent.reference";

/** One broken invariant of the contract. */
export interface Violation {
  /** Path of the field by its proto names, for example `spec.runtime_env["API_KEY"].value`. */
  readonly field: string;
  readonly rule: ViolationRule;
  /** What was expected and what came. Never holds the value of a field with `debug_redact`. */
  readonly message: string;
}
