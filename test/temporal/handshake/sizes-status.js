// What executions of the sizes' test say, for the test and for its workflows.

import { create } from "@bufbuild/protobuf";
import { AgentExecutionSchema, AgentExecutionStatusSchema } from "@stigmer/apis/agentexecution/v1";
import { ApiResourceOwnerScope } from "@stigmer/apis/apiresource";
import {
  WorkflowExecutionSchema,
  WorkflowExecutionStatusSchema,
} from "@stigmer/apis/workflowexecution/v1";

/** @import { AgentExecution, AgentExecutionStatus } from "@stigmer/apis/agentexecution/v1" */
/** @import { WorkflowExecution, WorkflowExecutionStatus } from "@stigmer/apis/workflowexecution/v1" */
/** @import { ExecutionPhase } from "@stigmer/apis/workflowexecution/v1" */

/**
 * What of a status has so many bytes; `parts` is an output of many. `ratio` is a number without a JSON form, in a small status.
 *
 * @typedef {object} Content
 * @property {ExecutionPhase} phase
 * @property {"output" | "parts" | "tasks" | "error" | "messages" | "ratio"} large
 * @property {number} bytes
 */

/** @param {string} executionId */
export function isAgent(executionId) {
  return executionId.startsWith("aex");
}

/**
 * @param {string} id
 * @returns {WorkflowExecution | AgentExecution}
 */
export function request(id) {
  if (isAgent(id)) {
    return create(AgentExecutionSchema, {
      apiVersion: "agentic.stigmer.ai/v1",
      kind: "AgentExecution",
      metadata: { id, name: id, org: "shop" },
      spec: { agentId: "agt-1", message: "hello" },
    });
  }
  return create(WorkflowExecutionSchema, {
    apiVersion: "agentic.stigmer.ai/v1",
    kind: "WorkflowExecution",
    metadata: { id, name: id, org: "shop", ownerScope: ApiResourceOwnerScope.organization },
    spec: { workflowId: "wfl-1" },
  });
}

/**
 * @param {string} executionId
 * @param {Content} content
 * @returns {WorkflowExecutionStatus | AgentExecutionStatus}
 */
export function statusOf(executionId, { phase, large, bytes }) {
  const text = "x".repeat(bytes);
  const error = large === "error" ? text : large === "ratio" ? "out of stock" : "";
  if (isAgent(executionId)) {
    const step = text.slice(0, bytes / 10);
    return create(AgentExecutionStatusSchema, {
      phase: /** @type {number} */ (phase),
      error,
      messages: [
        ...Array.from({ length: 5 }, () => ({ content: step })),
        { content: "the answer", metadata: { from: executionId } },
      ],
      toolCalls: Array.from({ length: 5 }, (_, index) => ({ id: `${index}`, result: step })),
    });
  }
  // Many small things take more time than one that is large.
  const tasks = large === "tasks" ? Array.from({ length: 1000 }, (_, index) => `${index}`) : [];
  const part = text.slice(0, bytes / 1000);
  const hundredth = "x".repeat(82);
  return create(WorkflowExecutionStatusSchema, {
    phase,
    error,
    output: {
      from: executionId,
      ...(large === "output" && { text }),
      ...(large === "parts" && {
        parts: Array.from({ length: bytes / 100 }, () => ({ hundredth })),
      }),
      ...(large === "ratio" && { ratio: Number.NaN }),
    },
    tasks: tasks.map((taskId) => ({ taskId, output: { part } })),
  });
}
