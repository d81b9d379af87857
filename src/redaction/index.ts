/** Shows messages without what is secret in them. */

export { redact } from "./redact.js";
export type { RedactionOptions } from "./redaction-options.js";
export { toRedactedJson } from "./to-redacted-json.js";
