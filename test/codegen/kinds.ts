import { randomBytes, randomUUID } from "node:crypto";
import { create, fromBinary, type JsonValue, toBinary } from "@bufbuild/protobuf";
import { type CallbackToken, callbackToken } from "@stigmer/apis";
import { type AgentExecution, AgentExecutionSchema } from "@stigmer/apis/agentexecution/v1";
import { ApiResourceOwnerScope } from "@stigmer/apis/apiresource";
import {
  type WorkflowExecution,
  WorkflowExecutionSchema,
} from "@stigmer/apis/workflowexecution/v1";

/** The two kinds of execution. */
export const kinds = [WorkflowExecutionSchema, AgentExecutionSchema] as const;

/** The same as a table of tests. */
export const byName = kinds.map((kind) => [kind.name, kind] as const);

export type Kind = (typeof kinds)[number];

export type Execution = WorkflowExecution | AgentExecution;

/** An execution that a service accepts. */
export function newExecution(kind: Kind): Execution {
  const apiVersion = "agentic.stigmer.ai/v1";
  if (kind === WorkflowExecutionSchema) {
    return create(WorkflowExecutionSchema, {
      apiVersion,
      kind: "WorkflowExecution",
      metadata: { id: `wex-${randomUUID()}`, ownerScope: ApiResourceOwnerScope.organization },
      spec: { workflowId: "wfl-1" },
    });
  }
  return create(AgentExecutionSchema, {
    apiVersion,
    kind: "AgentExecution",
    metadata: { id: `aex-${randomUUID()}` },
    spec: { agentId: "agt-1", message: "What is new?" },
  });
}

/** A token as long as an engine makes them. */
export function newToken(): CallbackToken {
  return callbackToken(randomBytes(132));
}

/** What a request to a program says of an execution, in binary. */
export function asBinary(kind: Kind, execution: Execution) {
  return { type: kind.typeName, binary: base64(toBinary<Kind>(kind, execution)) };
}

/** What a request to a program says of an execution, in JSON. */
export function asJson(kind: Kind, json: JsonValue) {
  return { type: kind.typeName, json: JSON.stringify(json) };
}

export function decode(kind: Kind, binary: string): Execution {
  return fromBinary<Kind>(kind, Buffer.from(binary, "base64"));
}

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
