import {
  clone,
  create,
  type DescMessage,
  type MessageShape,
  toJsonString,
} from "@bufbuild/protobuf";
import { AgentExecutionSchema } from "../../agentexecution/v1.js";
import type { Execution, ExecutionStatus } from "../../execution.js";
import { redact } from "../../redaction/index.js";
import { WorkflowExecutionSchema } from "../../workflowexecution/v1.js";
import { fitStatus } from "../payload/fit-status.js";
import { measuring } from "../payload/json-bytes.js";
import { textBytes } from "../payload/payload-limit.js";
import { statusSchema } from "../payload/status-schema.js";

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
  return status.$typeName === "ai.stigmer.agentic.workflowexecution.v1.WorkflowExecutionStatus"
    ? whole(WorkflowExecutionSchema, status, execution as never, maxBytes)
    : whole(AgentExecutionSchema, status, execution as never, maxBytes);
}

function whole<Desc extends DescMessage>(
  schema: Desc,
  status: ExecutionStatus,
  execution: MessageShape<Desc> | undefined,
  maxBytes: number,
): MessageShape<Desc> & Execution {
  const measure = measuring(status);
  const rest = (
    execution === undefined ? create(schema) : redact(schema, clone(schema, execution))
  ) as MessageShape<Desc> & Execution;
  delete rest.status;
  if (measure(status) > maxBytes - bytesOf(schema, rest)) delete rest.spec;
  const left = maxBytes - bytesOf(schema, rest);
  const fitted = fitStatus(status, left, measure);
  const fits = measure(fitted) <= left;
  const parts = fits ? rest : (create(schema) as typeof rest);
  const least = fits ? fitted : fitStatus(status, maxBytes, measure);
  // Unknown fields too: an old service may have put a token into the status.
  parts.status = redact(statusSchema(least), least as never) as never;
  return parts;
}

/** With what is around the status in it; infinite when it has no JSON form. */
function bytesOf<Desc extends DescMessage>(schema: Desc, execution: MessageShape<Desc>): number {
  try {
    return textBytes(toJsonString(schema, execution)) + ',"status":'.length;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
