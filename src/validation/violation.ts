/**
 * Which rule a violation breaks: the id of a rule in the protos, as protovalidate tells it in every
 * language; or `number.finite` or `struct.max_depth`, which no rule in the protos can say of a Struct.
 */
export type ViolationRule =
  | "required"
  | "bytes.max_len"
  | "enum.defined_only"
  | "int32.gte_lte"
  | "number.finite"
  | "string.const"
  | "string.min_len"
  | "string.page_number"
  | "string.rfc3339_utc"
  | "struct.max_depth"
  | "status.phase"
  | "workflow.id_prefix"
  | "workflow.owner_scope"
  | "workflow.reference"
  | "agent.id_prefix"
  | "agent.owner_scope"
  | "agent.reference";

/** One broken invariant of the contract. */
export interface Violation {
  /**
   * Path of the field by its proto names, for example `spec.runtime_env["API_KEY"].value`. Of a longer one
   * than 400 characters, as percent-encoded, its beginning and its end.
   */
  readonly field: string;
  readonly rule: ViolationRule;
  /** What was expected and what came. Never holds the value of a field with `debug_redact`. */
  readonly message: string;
}
