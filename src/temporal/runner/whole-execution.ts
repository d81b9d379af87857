import { clone, create, toJsonString } from "@bufbuild/protobuf";
import type { Execution, ExecutionStatus } from "../../execution/execution.js";
import { identified } from "../../execution/kinds.js";
import { schemaOf, schemas } from "../../execution/schemas.js";
import { redact } from "../../redaction/index.js";
import { fitStatus } from "../payload/fit-status.js";
import { measuring } from "../payload/json-bytes.js";
import { textBytes } from "../payload/payload-limit.js";

/**
 * The execution with this status, without its token and its secrets, in at most so many bytes of
 * JSON. What is too large together loses its spec, which the caller knows, before anything of the
 * status is cut; where metadata alone takes too much, it is left out, too. Of an execution that could
 * not be read, there is only the status.
 */
export function wholeExecution(
  status: ExecutionStatus,
  execution: Execution | undefined,
  maxBytes: number,
): Execution {
  const schema = schemas[identified(status).kind].execution;
  const measure = measuring(status);
  const rest = (
    execution === undefined ? create(schema) : redact(schema, clone(schema, execution))
  ) as Execution;
  delete rest.status;
  if (measure(status) > maxBytes - bytesOf(rest)) delete rest.spec;
  const left = maxBytes - bytesOf(rest);
  const fitted = fitStatus(status, left, measure);
  const fits = measure(fitted) <= left;
  const parts = fits ? rest : (create(schema) as Execution);
  const least = fits ? fitted : fitStatus(status, maxBytes, measure);
  // Unknown fields too: an old service may have put a token into the status.
  parts.status = redact(schemaOf(least), least) as never;
  return parts;
}

/** With what is around the status in it; infinite when it has no JSON form. */
function bytesOf(execution: Execution): number {
  try {
    return textBytes(toJsonString(schemaOf(execution), execution)) + ',"status":'.length;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
