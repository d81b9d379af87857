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
  const parts = left > 0 ? asExecution : (create(schema) as MessageShape<Desc> & Execution);
  parts.status = fitStatus(status, left > 0 ? left : maxBytes) as never;
  return parts;
}
