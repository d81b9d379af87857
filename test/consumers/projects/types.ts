// Not run but compiled: what a program may say and what it may not. An `@ts-expect-error` above a
// line that compiles is an error itself.
import { create } from "@bufbuild/protobuf";
import type { Client } from "@connectrpc/connect";
import {
  type CallbackToken,
  callbackToken,
  getCallbackToken,
  setCallbackToken,
} from "@stigmer/apis";
import {
  AgentExecutionSchema,
  type AgentExecutionStatus,
  AgentExecutionStatusSchema,
} from "@stigmer/apis/agentexecution/v1";
import { callbackTokenGuard } from "@stigmer/apis/connect";
import {
  type ActivityCompleter,
  HandshakeError,
  isTerminal,
  reportOutcome,
  startExecution,
  waitForExecution,
} from "@stigmer/apis/handshake";
import { redact, toRedactedJson } from "@stigmer/apis/redaction";
import {
  createExecutionActivities,
  type ExecutionActivities,
  type ExecutionClients,
} from "@stigmer/apis/temporal";
import { createPayloadConverter } from "@stigmer/apis/temporal/payload-converter";
import { encodeTemporalWorkflowInput, withCallback } from "@stigmer/apis/temporal/workflow";
import { type Activity, createActivityEngine, pending } from "@stigmer/apis/testing";
import { migrateCallbackToken, peekCallbackToken, replaceCallbackToken } from "@stigmer/apis/wire";
import {
  type WorkflowExecution,
  type WorkflowExecutionCommandController,
  type WorkflowExecutionQueryController,
  WorkflowExecutionSchema,
  WorkflowExecutionSpecSchema,
  type WorkflowExecutionStatus,
  WorkflowExecutionStatusSchema,
} from "@stigmer/apis/workflowexecution/v1";

const bytes = Uint8Array.of(1, 2, 3);
const workflow = create(WorkflowExecutionSchema);
const agent = create(AgentExecutionSchema);
const workflowStatus = create(WorkflowExecutionStatusSchema);

/** What a program has from elsewhere. */
interface Given {
  readonly token: CallbackToken;
  readonly commands: Client<typeof WorkflowExecutionCommandController>;
  readonly queries: Client<typeof WorkflowExecutionQueryController>;
  readonly clients: ExecutionClients;
}

export function tokens({ token }: Given) {
  setCallbackToken(workflow, token);
  const found: CallbackToken | undefined = getCallbackToken(agent);
  // @ts-expect-error bytes become a token by callbackToken only
  setCallbackToken(workflow, bytes);
  // @ts-expect-error the execution may have none
  setCallbackToken(workflow, found);
  // @ts-expect-error a status carries no token
  getCallbackToken(workflowStatus);
  // @ts-expect-error there is no such field any more
  workflowStatus.callbackToken = token;
  return found;
}

export function encodedBytes(token: CallbackToken) {
  const view: Uint8Array | undefined = peekCallbackToken("AgentExecutionSpec", bytes);
  replaceCallbackToken("WorkflowExecution", bytes, token);
  // @ts-expect-error the kind comes first
  peekCallbackToken(bytes, "WorkflowExecution");
  // @ts-expect-error kinds have short names
  peekCallbackToken("ai.stigmer.agentic.workflowexecution.v1.WorkflowExecution", bytes);
  // @ts-expect-error a status carries no token
  peekCallbackToken("WorkflowExecutionStatus", bytes);
  // @ts-expect-error a spec has nothing to move a token from
  migrateCallbackToken("WorkflowExecutionSpec", bytes);
  // @ts-expect-error a message is no bytes
  peekCallbackToken("WorkflowExecution", workflow);
  return view;
}

export function redaction() {
  const copy: WorkflowExecution = redact(WorkflowExecutionSchema, workflow);
  toRedactedJson(WorkflowExecutionSpecSchema, create(WorkflowExecutionSpecSchema));
  // @ts-expect-error the schema of another message
  redact(AgentExecutionSchema, workflow);
  // @ts-expect-error the schema of another message
  toRedactedJson(WorkflowExecutionSpecSchema, workflow);
  // @ts-expect-error a message is no schema
  redact(workflow);
  return copy;
}

export function guards() {
  callbackTokenGuard({ mayRead: async ({ header }) => header.has("x-runner") });
  // @ts-expect-error who may read is not optional
  callbackTokenGuard({});
  // @ts-expect-error a call has no such property
  callbackTokenGuard({ mayRead: ({ user }) => user === "runner" });
}

export async function handshake({ token, commands, queries }: Given) {
  const started: WorkflowExecution = await startExecution(workflow, token, { commands, queries });
  const status: WorkflowExecutionStatus = await waitForExecution("wex-1", queries);
  const result: "reported" | "no-token" | "already-settled" = await reportOutcome(
    workflow,
    createActivityEngine(),
    queries,
  );
  // @ts-expect-error bytes become a token by callbackToken only
  await startExecution(workflow, bytes, { commands, queries });
  // @ts-expect-error clients of the other kind
  await startExecution(agent, token, { commands, queries });
  // @ts-expect-error the two clients in the other order
  await startExecution(workflow, token, { commands: queries, queries: commands });
  // @ts-expect-error a client of the other kind
  await reportOutcome(agent, createActivityEngine(), queries);
  // @ts-expect-error the status of the other kind
  const other: AgentExecutionStatus = await waitForExecution("wex-1", queries);
  // @ts-expect-error an execution is terminal, not its status
  isTerminal(workflowStatus);
  return { started, status, result, other };
}

export function isClosed(error: unknown): boolean {
  // @ts-expect-error no such code
  return error instanceof HandshakeError && error.code === "not-found";
}

// @ts-expect-error an engine has four verbs
export const mute: ActivityCompleter = { complete: async () => "settled" };

// @ts-expect-error an activity goes pending or returns a status
export const wrongActivity: Activity = async () => "done";
export const activity: Activity = async () => pending;

export async function temporal({ token, clients }: Given) {
  const caller = { executionId: "wex-1", callbackToken: token };
  const workflowEnd: WorkflowExecutionStatus = await withCallback(caller, async () =>
    create(WorkflowExecutionStatusSchema),
  );
  const agentEnd: AgentExecutionStatus = await withCallback(caller, async () =>
    create(AgentExecutionStatusSchema),
  );
  // @ts-expect-error the body returns a status
  await withCallback(caller, async () => "done");
  // @ts-expect-error the body returns a status, not an execution
  await withCallback(caller, async () => workflow);
  // @ts-expect-error the body returns the status of one kind, and that is the result
  const other: AgentExecutionStatus = await withCallback(caller, async () => workflowStatus);
  // @ts-expect-error bytes become a token by callbackToken only
  await withCallback({ executionId: "wex-1", callbackToken: bytes }, async () => workflowStatus);
  // @ts-expect-error the runner has to know its execution
  await withCallback({ callbackToken: token }, async () => workflowStatus);

  const activities: ExecutionActivities = createExecutionActivities(clients);
  // @ts-expect-error each activity runs its own kind
  await activities.ExecuteAgent(workflow);
  // @ts-expect-error both kinds have clients
  createExecutionActivities({ workflow: clients.workflow });
  // @ts-expect-error no such way to wait
  createExecutionActivities(clients, { wait: "polling" });
  // @ts-expect-error the keys of the Go worker are made by the encoder
  encodeTemporalWorkflowInput({ WorkflowExecutionID: "wex-1", WorkflowYaml: "", OrgId: "" });
  createPayloadConverter([WorkflowExecutionSchema]);
  // @ts-expect-error a registry holds descriptors, not messages
  createPayloadConverter([workflow]);
  return { workflowEnd, agentEnd, other };
}

export const fromBuffer: CallbackToken = callbackToken(Buffer.from("AQID", "base64"));
