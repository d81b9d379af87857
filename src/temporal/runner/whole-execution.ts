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
import { textBytes } from "../payload/payload-limit.js";
import { statusSchema } from "../payload/status-schema.js";

// What a status takes at least, and what is around it.
const leastStatusBytes = 1024;
const fieldBytes = 16;

/**
 * The execution with this status, without its token and its secrets, in at most so many bytes of
 * JSON. Where metadata and spec alone take more, they are left out. Of an execution that could not be
 * read, there is only the status.
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
  const rest = execution === undefined ? create(schema) : redact(schema, clone(schema, execution));
  const asExecution = rest as MessageShape<Desc> & Execution;
  delete asExecution.status;
  const left = maxBytes - textBytes(toJsonString(schema, asExecution));
  const fits = left > leastStatusBytes;
  const parts = fits ? asExecution : (create(schema) as MessageShape<Desc> & Execution);
  const fitted = fitStatus(status, (fits ? left : maxBytes) - fieldBytes);
  // Unknown fields too: an old service may have put a token into the status.
  parts.status = redact(statusSchema(fitted), fitted as never) as never;
  return parts;
}
