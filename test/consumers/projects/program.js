// Uses every entry point, and prints which. Without type annotations and top-level await, so that it
// is a program in JavaScript, in TypeScript, and in TypeScript that is compiled to CommonJS.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { Code, createClient, createRouterTransport } from "@connectrpc/connect";
import {
  CallbackTokenError,
  callbackToken,
  describeCallbackToken,
  getCallbackToken,
  setCallbackToken,
} from "@stigmer/apis";
import {
  AgentExecutionCommandController,
  AgentExecutionQueryController,
} from "@stigmer/apis/agentexecution/v1";
import { ApiResourceOwnerScope } from "@stigmer/apis/apiresource";
import { callbackTokenGuard, redactingLogger } from "@stigmer/apis/connect";
import { ExecutionValueSchema } from "@stigmer/apis/executioncontext/v1";
import {
  HandshakeError,
  reportOutcome,
  startExecution,
  waitForExecution,
} from "@stigmer/apis/handshake";
import { redact, toRedactedJson } from "@stigmer/apis/redaction";
import { createExecutionActivities, temporalCompleter } from "@stigmer/apis/temporal";
import { payloadConverter } from "@stigmer/apis/temporal/payload-converter";
import {
  decodeTemporalWorkflowInput,
  encodeTemporalWorkflowInput,
  withCallback,
} from "@stigmer/apis/temporal/workflow";
import { createActivityEngine, createExecutionService, pending } from "@stigmer/apis/testing";
import { assertValidExecution } from "@stigmer/apis/validation";
import { peekCallbackToken, removeCallbackToken } from "@stigmer/apis/wire";
import {
  ExecutionPhase,
  WorkflowExecutionCommandController,
  WorkflowExecutionQueryController,
  WorkflowExecutionSchema,
  WorkflowExecutionStatusSchema,
} from "@stigmer/apis/workflowexecution/v1";
import { WorkflowRunnerServiceController } from "@stigmer/apis/workflowrunner/v1";
import { Client, Connection } from "@temporalio/client";

const token = callbackToken(Uint8Array.of(1, 2, 3));
const request = create(WorkflowExecutionSchema, {
  apiVersion: "agentic.stigmer.ai/v1",
  kind: "WorkflowExecution",
  metadata: { id: "wex-1", ownerScope: ApiResourceOwnerScope.organization },
  spec: { workflowId: "wfl-1" },
});

function readsTokens() {
  const execution = create(WorkflowExecutionSchema, request);
  setCallbackToken(execution, token);
  const bytes = toBinary(WorkflowExecutionSchema, execution);
  assert.deepEqual(getCallbackToken(fromBinary(WorkflowExecutionSchema, bytes)), token);
  assert.equal(describeCallbackToken(token), "3 bytes, sha256:039058c6");
  assert.throws(() => callbackToken(new Uint8Array()), CallbackTokenError);
  print("@stigmer/apis");

  assert.deepEqual(peekCallbackToken("WorkflowExecution", bytes), Uint8Array.of(1, 2, 3));
  const without = removeCallbackToken("WorkflowExecution", bytes);
  assert.equal(peekCallbackToken("WorkflowExecution", without), undefined);
  print("@stigmer/apis/wire");

  assert.equal(getCallbackToken(redact(WorkflowExecutionSchema, execution)), undefined);
  const secret = create(ExecutionValueSchema, { value: "sk-live-1", isSecret: true });
  const json = { isSecret: true, value: "[redacted]" };
  assert.deepEqual(toRedactedJson(ExecutionValueSchema, secret), json);
  print("@stigmer/apis/redaction");

  assertValidExecution(execution);
  print("@stigmer/apis/validation");
  print("@stigmer/apis/executioncontext/v1");
}

async function shakesHands() {
  const engine = createActivityEngine();
  const service = createExecutionService();
  const calls = new Set();
  const logger = redactingLogger({ info: (call) => calls.add(call), debug: () => {} });
  const guard = callbackTokenGuard({ mayRead: ({ header }) => header.has("x-runner") });
  const transport = createRouterTransport(service.routes, {
    transport: { interceptors: [logger] },
    router: { interceptors: [guard] },
  });
  const workflow = {
    commands: createClient(WorkflowExecutionCommandController, transport),
    queries: createClient(WorkflowExecutionQueryController, transport),
  };
  const agent = {
    commands: createClient(AgentExecutionCommandController, transport),
    queries: createClient(AgentExecutionQueryController, transport),
  };
  const headers = { "x-runner": "yes" };

  const activity = engine.startActivity(async (attempt) => {
    await startExecution(request, attempt.token, workflow);
    const viewed = await workflow.queries.get({ value: "wex-1" });
    assert.equal(getCallbackToken(viewed), undefined);
    for (const phase of [
      ExecutionPhase.EXECUTION_IN_PROGRESS,
      ExecutionPhase.EXECUTION_COMPLETED,
    ]) {
      await workflow.commands.updateStatus({ executionId: "wex-1", status: { phase } });
    }
    const ended = await workflow.queries.get({ value: "wex-1" }, { headers });
    assert.equal(await reportOutcome(ended, engine, workflow.queries), "reported");
    return pending;
  });
  assert.equal((await activity.result).outcome, "completed");
  const status = await waitForExecution("wex-1", workflow.queries);
  assert.equal(status.phase, ExecutionPhase.EXECUTION_COMPLETED);
  await assert.rejects(waitForExecution("order-17", agent.queries), HandshakeError);
  await assert.rejects(agent.queries.get({ value: "aex-1" }), { code: Code.NotFound });
  const { cancelExecution } = createClient(WorkflowRunnerServiceController, transport);
  await assert.rejects(cancelExecution({ executionId: "wex-1" }), { code: Code.Unimplemented });
  assert.ok(calls.size > 0);
  print("@stigmer/apis/agentexecution/v1");
  print("@stigmer/apis/apiresource");
  print("@stigmer/apis/connect");
  print("@stigmer/apis/handshake");
  print("@stigmer/apis/testing");
  print("@stigmer/apis/workflowexecution/v1");
  print("@stigmer/apis/workflowrunner/v1");

  const { ExecuteWorkflow } = createExecutionActivities({ workflow, agent });
  // Outside of a worker nothing tells it that the execution is its own.
  await assert.rejects(ExecuteWorkflow(request), { type: "ExecutionRefused" });
}

async function speaksToTemporal() {
  const { resolve } = createRequire(`${process.cwd()}/`);
  const payloadConverterPath = resolve("@stigmer/apis/temporal/payload-converter");
  const connection = Connection.lazy();
  const client = new Client({ connection, dataConverter: { payloadConverterPath } });
  assert.equal(typeof temporalCompleter(client).complete, "function");
  assert.throws(() => temporalCompleter(new Client({ connection })), TypeError);
  print("@stigmer/apis/temporal");

  const phase = ExecutionPhase.EXECUTION_COMPLETED;
  const status = create(WorkflowExecutionStatusSchema, { phase });
  const payload = payloadConverter.toPayload(status);
  assert.deepEqual(payloadConverter.fromPayload(payload), status);
  print("@stigmer/apis/temporal/payload-converter");

  const input = { executionId: "wex-1", workflowYaml: "do: []", orgId: "", callbackToken: token };
  const decoded = decodeTemporalWorkflowInput(encodeTemporalWorkflowInput(input));
  assert.deepEqual(decoded.callbackToken, token);
  const body = async () => status;
  assert.equal(await withCallback({ executionId: "wex-1" }, body), status);
  print("@stigmer/apis/temporal/workflow");
}

function print(entry = "") {
  console.log(entry);
}

readsTokens();
shakesHands().then(speaksToTemporal);
