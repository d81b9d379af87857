import { create, type JsonObject, toJson } from "@bufbuild/protobuf";
import { type Execution, formatCallbackToken, getCallbackToken } from "@stigmer/apis";
import {
  AgentExecutionSchema,
  AgentExecutionStatusSchema,
  MessageType,
} from "@stigmer/apis/agentexecution/v1";
import {
  ExecutionPhase,
  WorkflowExecutionSchema,
  type WorkflowExecutionStatus,
  WorkflowExecutionStatusSchema,
} from "@stigmer/apis/workflowexecution/v1";
import { Client, type WorkflowHandle } from "@temporalio/client";
import { expect, it, vi } from "vitest";
import { findSecrets } from "../../find-secrets.js";
import { useServer } from "../world/in-world.js";
import {
  executionOf,
  failureOf,
  patient,
  storedExecution,
  untilPending,
} from "../world/observe.js";
import { payloadConverterPath, type World } from "../world/world.js";

vi.setConfig({ maxConcurrency: 6, testTimeout: 300_000 });

const { EXECUTION_COMPLETED, EXECUTION_FAILED, EXECUTION_CANCELLED, EXECUTION_IN_PROGRESS } =
  ExecutionPhase;

const { describeInWorlds } = useServer();

/** A caller whose activity is pending; nobody runs its execution but the test. */
async function startCall(world: World, kind: "workflow" | "agent") {
  const caller = await world.startWorker("caller");
  const call = await world.call(kind, {}, { ...patient, heartbeatTimeout: "2m" });
  const id = await executionOf(world, call);
  await untilPending(call, caller);
  const execution = await storedExecution(world, id);
  const token = getCallbackToken(execution);
  if (token === undefined) throw new Error("expected a token");
  return { call, id, execution, token };
}

async function publish(world: World, executionId: string, status: object): Promise<void> {
  const { workflow, agent } = world.asRunner;
  for (const step of [{ phase: EXECUTION_IN_PROGRESS }, status]) {
    if (executionId.startsWith("aex")) {
      await agent.commands.updateStatus({ executionId, status: step });
    } else {
      await workflow.commands.updateStatus({ executionId, status: step });
    }
  }
}

/** As Go's encoding/json writes the struct of an execution: with all that is secret in it. */
function goJson(execution: Execution): JsonObject {
  const isWorkflow =
    execution.$typeName === "ai.stigmer.agentic.workflowexecution.v1.WorkflowExecution";
  const json = toJson(
    isWorkflow ? WorkflowExecutionSchema : AgentExecutionSchema,
    execution as never,
    { useProtoFieldName: true, enumAsInteger: true },
  ) as JsonObject;
  return { ...json, status: { phase: 1 } };
}

/** Expects that nothing of an execution that is secret stands in how its caller has ended. */
async function expectNoSecrets(call: WorkflowHandle, execution: Execution): Promise<void> {
  const { events } = await call.fetchHistory();
  const token = getCallbackToken(execution) ?? new Uint8Array();
  const secret = execution.spec?.runtimeEnv.API_KEY?.value ?? "";
  const last = JSON.stringify(events?.at(-1), (_, value) =>
    value instanceof Uint8Array ? new TextDecoder().decode(value) : value,
  );
  expect(last).toContain("workflowExecution");
  expect(findSecrets(last, [token, secret])).toEqual([]);
}

describeInWorlds("a caller whose activity is completed", (inWorld) => {
  const completed = create(WorkflowExecutionStatusSchema, {
    phase: EXECUTION_COMPLETED,
    output: { answer: 42 },
  });

  it.for<[string, (given: Given) => unknown]>([
    ["with the status", () => completed],
    ["with the whole execution", ({ execution }) => ({ ...execution, status: completed })],
    ["with the execution as it was when the run began", ({ execution }) => execution],
    ["with Go's JSON of the execution as it was then", ({ execution }) => goJson(execution)],
    ["with Go's JSON of a status", () => ({ phase: 3, output: { fields: {} } })],
    ["with a status that has not ended", () => create(WorkflowExecutionStatusSchema)],
    ["with plain JSON", () => ({ done: true })],
    ["with nothing, by an operator", () => undefined],
  ])("%s gets the status that its execution has ended with", ([, resultOf], context) =>
    inWorld(async (world) => {
      const given = await startCall(world, "workflow");
      await publish(world, given.id, completed);
      await complete(world, given.token, resultOf(given));
      const result: WorkflowExecutionStatus = await given.call.result();
      expect(result).toMatchObject({ phase: EXECUTION_COMPLETED, output: { answer: 42 } });
      await expectNoSecrets(given.call, given.execution);
    })(context),
  );
});

type Given = Awaited<ReturnType<typeof startCall>>;

function complete(world: World, token: Uint8Array, result: unknown): Promise<void> {
  const { connection } = world.client;
  const client = new Client({ connection, dataConverter: { payloadConverterPath } });
  return client.activity.complete(token, result);
}

describeInWorlds("a caller whose runner reports a failure as a success", (inWorld) => {
  it(
    "is told that its execution has failed, and why: in the words of its system messages",
    inWorld(async (world) => {
      const { call, id, execution, token } = await startCall(world, "agent");
      const messages = [
        { type: MessageType.MESSAGE_HUMAN, content: "hello" },
        { type: MessageType.MESSAGE_SYSTEM, content: "the model refused" },
      ];
      await publish(
        world,
        id,
        create(AgentExecutionStatusSchema, { phase: EXECUTION_FAILED, messages }),
      );
      await complete(world, token, goJson(execution));
      expect(await failureOf(call)).toMatchObject({
        type: "ExecutionFailed",
        message: "the model refused",
        details: [{ phase: EXECUTION_FAILED }],
      });
      await expectNoSecrets(call, execution);
    }),
  );

  it(
    "is told that its execution was cancelled",
    inWorld(async (world) => {
      const { call, id, execution, token } = await startCall(world, "workflow");
      await publish(world, id, { phase: EXECUTION_CANCELLED, error: "not needed any more" });
      await complete(world, token, goJson(execution));
      expect(await failureOf(call)).toMatchObject({
        type: "ExecutionCancelled",
        message: "not needed any more",
      });
      await expectNoSecrets(call, execution);
    }),
  );

  it(
    "waits on while the execution has not ended",
    inWorld(async (world) => {
      const { call, id, token } = await startCall(world, "workflow");
      await complete(world, token, undefined);
      await publish(world, id, { phase: EXECUTION_COMPLETED, output: { late: true } });
      expect(await call.result()).toMatchObject({ output: { late: true } });
    }),
  );
});

describeInWorlds("a caller whose activity is failed by somebody else", (inWorld) => {
  it(
    "without a text is told what its execution says",
    inWorld(async (world) => {
      const { call, id, token } = await startCall(world, "workflow");
      await publish(world, id, { phase: EXECUTION_FAILED, error: "out of stock" });
      const { connection } = world.client;
      await connection.workflowService.respondActivityTaskFailed({
        namespace: "default",
        taskToken: token,
        failure: { applicationFailureInfo: { type: "ExecutionFailed", nonRetryable: true } },
      });
      expect(await failureOf(call)).toMatchObject({
        type: "ExecutionFailed",
        message: "out of stock",
      });
    }),
  );
});

describeInWorlds("a report by the activity that Stigmer's workflows in Go call", (inWorld) => {
  const report = "stigmer/system/complete-external-activity";

  /** Has a runner's worker in TypeScript make the report. */
  async function reportByGo(world: World, given: Given, result: unknown, error: unknown) {
    // Not that of the runners, who would run the execution.
    const taskQueue = `reports-${given.id}`;
    await world.startWorker("runner", { taskQueue });
    await world.runnerClient.workflow.execute("reportAsGo", {
      taskQueue,
      workflowId: `report-${given.id}`,
      args: [
        report,
        { CallbackToken: formatCallbackToken(given.token), Result: result, Error: error },
      ],
    });
  }

  it(
    "completes the caller, who gets the status",
    inWorld(async (world) => {
      const given = await startCall(world, "agent");
      await publish(world, given.id, { phase: EXECUTION_COMPLETED });
      await reportByGo(world, given, goJson(given.execution), null);
      expect(await given.call.result()).toMatchObject({ phase: EXECUTION_COMPLETED });
      await expectNoSecrets(given.call, given.execution);
    }),
  );

  it(
    "of an error without a text, which is {}, fails the caller with what the execution says",
    inWorld(async (world) => {
      const given = await startCall(world, "workflow");
      await publish(world, given.id, { phase: EXECUTION_FAILED, error: "out of stock" });
      await reportByGo(world, given, null, {});
      expect(await failureOf(given.call)).toMatchObject({
        type: "ExecutionFailed",
        message: "out of stock",
      });
    }),
  );

  it(
    "of a run that has failed, as a success, fails the caller",
    inWorld(async (world) => {
      const given = await startCall(world, "workflow");
      await publish(world, given.id, { phase: EXECUTION_FAILED, error: "out of stock" });
      await reportByGo(world, given, goJson(given.execution), null);
      expect(await failureOf(given.call)).toMatchObject({
        type: "ExecutionFailed",
        message: "out of stock",
      });
    }),
  );
});
