import { randomBytes, randomUUID } from "node:crypto";
import { create, equals, type JsonObject, toJson } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { callbackToken, getCallbackToken } from "@stigmer/apis";
import { ApiResourceOwnerScope } from "@stigmer/apis/apiresource";
import { redact } from "@stigmer/apis/redaction";
import {
  decodeTemporalWorkflowInput,
  decodeTemporalWorkflowOutput,
  encodeTemporalWorkflowInput,
  type TemporalWorkflowInput,
  type WorkflowInput,
} from "@stigmer/apis/temporal/workflow";
import {
  ExecutionPhase,
  type WorkflowExecution,
  WorkflowExecutionSchema,
  type WorkflowExecutionStatus,
  WorkflowExecutionStatusSchema,
  WorkflowTaskStatus,
  WorkflowTaskType,
} from "@stigmer/apis/workflowexecution/v1";
import type { WorkflowHandle } from "@temporalio/client";
import { CancelledFailure } from "@temporalio/common";
import { NativeConnection, Worker } from "@temporalio/worker";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { findSecrets } from "../../find-secrets.js";
import { quietRuntime } from "../quiet-runtime.js";
import { startTemporalServer, type TemporalServer, temporalAvailable } from "../server.js";
import { failureOf } from "../world/observe.js";
import type { Plan } from "../world/workflows.js";
import {
  payloadConverterPath,
  startWorld,
  until,
  type World,
  type WorldOptions,
} from "../world/world.js";
import { buildGoWorkers, goAvailable } from "./build.js";
import {
  activityEnd,
  attemptsOf,
  encodingOfInput,
  encodingOfResult,
  workflowEnd,
} from "./history.js";
import { type GoWorker, type GoWorkerOptions, startGoWorker } from "./start-go-worker.js";

/** What the runner in Go is told to do; see its plan.go. */
interface GoPlan extends Plan {
  readonly status?: JsonObject;
  readonly reportQueue?: string;
  readonly goJson?: "result" | "error" | "both";
}

// Nobody heartbeats the activity while the runner in Go runs.
const patient = { heartbeatTimeout: "1m" };

/** A secret of the executions that a Go caller has run. */
const callerSecret = "what the caller in Go was given";
/** A secret of the executions of the runner in Go; see its plan.go. */
const runnerSecret = "only the runner in Go knows this";

/** A status with something in every field, and in every kind of JSON value. */
const fullStatus: WorkflowExecutionStatus = create(WorkflowExecutionStatusSchema, {
  audit: {
    specAudit: {
      createdBy: { id: "usr-1", avatar: "avatars/1.png" },
      createdAt: timestampFromDate(new Date("2026-01-31T12:00:00.123Z")),
      event: "created",
    },
    statusAudit: { updatedBy: { id: "svc-runner" }, updatedAt: { seconds: 1n, nanos: 1 } },
  },
  phase: ExecutionPhase.EXECUTION_COMPLETED,
  output: {
    text: 'Ünïcödé "quoted" \u2028 🚚 <script>',
    whole: 9_007_199_254_740_991,
    fraction: -0.1,
    large: 1e300,
    yes: true,
    nothing: null,
    empty: {},
    list: [1, "two", [], [{ three: 3 }], null],
  },
  tasks: [
    {
      taskId: "task-1",
      taskName: "ask the stock",
      taskType: WorkflowTaskType.WORKFLOW_TASK_API_CALL,
      status: WorkflowTaskStatus.WORKFLOW_TASK_COMPLETED,
      input: { sku: "lamp-oak-40" },
      output: { inStock: 2 },
      metadata: { attempts: [1, 2] },
      startedAt: "2026-01-31T12:00:01Z",
      completedAt: "2026-01-31T12:00:02Z",
    },
    {
      taskId: "task-2",
      taskType: WorkflowTaskType.WORKFLOW_TASK_CUSTOM,
      status: WorkflowTaskStatus.WORKFLOW_TASK_FAILED,
      error: "tried again",
    },
    {},
  ],
  error: "none that matters",
  startedAt: "2026-01-31T12:00:00Z",
  completedAt: "2026-01-31T12:00:03Z",
  temporalWorkflowId: "wex-of-the-runner",
});
const leastInput: WorkflowInput = { executionId: "wex-1", workflowYaml: "", orgId: "" };
const fullInput: WorkflowInput = {
  executionId: "wex-1",
  workflowYaml: "document:\n  dsl: '1.0.0'\n",
  metadata: { team: "checkout" },
  initialData: { order: { id: "A-1001", items: [1, 2.5, null, "<&>"] } },
  envVars: { STOCK_URL: "http://stock", EMPTY: "" },
  orgId: "shop",
  callbackToken: callbackToken(randomBytes(132)),
};
const fullPlan: GoPlan = {
  status: toJson(WorkflowExecutionStatusSchema, fullStatus) as JsonObject,
};

describe.skipIf(!temporalAvailable() || !goAvailable())("with Temporal's Go SDK:", () => {
  let server: TemporalServer;
  let programs: Awaited<ReturnType<typeof buildGoWorkers>>;

  beforeAll(async () => {
    quietRuntime();
    [server, programs] = await Promise.all([startTemporalServer(), buildGoWorkers()]);
  }, 900_000);

  afterAll(async () => {
    await server?.stop();
  });

  const encodings = ["json/protobuf", "binary/protobuf"] as const;

  describe.each(encodings)("a TypeScript caller and a Go runner that writes %s", (encoding) => {
    const { given, startGo } = useWorld();
    const reportQueue = `reports-${randomUUID()}`;

    beforeAll(async () => {
      await Promise.all([
        given().startWorker("caller"),
        given().startWorker("runner", { taskQueue: reportQueue }),
        startGo("runner", { binary: encoding === "binary/protobuf" }),
      ]);
    });

    it("agree on every field of a status", async () => {
      const handle = await given().call("workflow", fullPlan, patient);
      expectSame(await handle.result(), fullStatus);
      expect(await encodingOfResult(handle)).toBe(encoding);
      const { metadata, status } = await readExecution(given());
      expectSame(withoutAudit(status), withoutAudit(fullStatus));
      const run = given().client.workflow.getHandle(metadata?.id ?? "");
      expect(decodeTemporalWorkflowOutput(await run.result())).toMatchObject({
        result: fullStatus.output,
        workflowName: "ExecuteServerlessWorkflow",
        executionId: metadata?.id,
      });
    });

    it("agree that an execution has failed, and why", async () => {
      const handle = await given().call("workflow", { error: "out of stock" }, patient);
      expect(await failureOf(handle)).toMatchObject({
        type: "ExecutionFailed",
        message: "out of stock",
        nonRetryable: true,
      });
      expect(await attemptsOf(handle)).toBe(1);
      expect((await readExecution(given())).status).toMatchObject({
        phase: ExecutionPhase.EXECUTION_FAILED,
        error: "out of stock",
      });
    });

    it("agree on a status that a TypeScript worker reports, given two arguments", async () => {
      const plan: GoPlan = { ...fullPlan, reportQueue };
      const handle = await given().call("workflow", plan, patient);
      expectSame(await handle.result(), fullStatus);
    });

    it("agree on a failure that a TypeScript worker reports, given two arguments", async () => {
      const plan: GoPlan = { error: "out of stock", reportQueue };
      const handle = await given().call("workflow", plan, patient);
      expect(await failureOf(handle)).toMatchObject({
        type: "ExecutionFailed",
        message: "out of stock",
        nonRetryable: true,
        // The text stands in the failure once.
        details: [{ phase: ExecutionPhase.EXECUTION_FAILED, error: "" }],
      });
    });

    it.each([
      ["everything in it", fullInput],
      ["the least in it", leastInput],
    ])("agree on the input of a run with %s", async (_, input) => {
      const written = encodeTemporalWorkflowInput(input);
      const options = {
        taskQueue: given().runnerQueue,
        workflowId: `echo-${randomUUID()}`,
        args: [written],
      };
      const read: TemporalWorkflowInput = await given().client.workflow.execute("Echo", options);
      expect(read).toEqual(written);
      expect(decodeTemporalWorkflowInput(read)).toEqual(input);
    });
  });

  describe.each(encodings)("a Go caller that writes %s and a TypeScript runner", (encoding) => {
    const { given, startGo } = useWorld();

    beforeAll(async () => {
      await Promise.all([
        startGo("caller", { binary: encoding === "binary/protobuf" }),
        given().startWorker("runner"),
      ]);
    });

    it("agree on a status", async () => {
      const handle = await callFromGo(given(), "Call", {});
      expect(await handle.result()).toMatchObject({
        $typeName: WorkflowExecutionStatusSchema.typeName,
        phase: ExecutionPhase.EXECUTION_COMPLETED,
        output: { from: given().created.at(-1)?.metadata?.id },
      });
      expect(await encodingOfInput(handle)).toBe(encoding);
    });

    it("agree that an execution has failed, and why", async () => {
      const handle = await callFromGo(given(), "CallAndTell", { error: "out of stock" });
      expect(await handle.result()).toEqual({
        Canceled: false,
        Type: "ExecutionFailed",
        Message: "out of stock",
        NonRetryable: true,
        Phase: "EXECUTION_FAILED",
        Error: "",
      });
      expect(await attemptsOf(handle)).toBe(1);
    });

    it("pass a failure on", async () => {
      const handle = await callFromGo(given(), "Call", { error: "out of stock" });
      expect(await failureOf(handle)).toMatchObject({
        type: "ExecutionFailed",
        message: "out of stock",
        nonRetryable: true,
        // The text stands in the failure once.
        details: [{ phase: ExecutionPhase.EXECUTION_FAILED, error: "" }],
      });
    });

    it.each(["CallAndTell", "Call"] as const)("cancel the execution: %s", async (type) => {
      const handle = await callFromGo(given(), type, { untilFinished: true });
      await untilRunning(given());
      await handle.cancel();
      if (type === "CallAndTell") {
        expect(await handle.result()).toMatchObject({
          Canceled: true,
          Phase: "EXECUTION_CANCELLED",
        });
      } else {
        const error = await handle.result().catch((error: Error) => error.cause);
        expect(error).toBeInstanceOf(CancelledFailure);
      }
      const { status } = await readExecution(given());
      expect(status?.phase).toBe(ExecutionPhase.EXECUTION_CANCELLED);
    });
  });

  describe("a Go caller", () => {
    const { given, startGo } = useWorld();
    let caller: GoWorker;

    beforeAll(async () => {
      [caller] = await Promise.all([startGo("caller"), given().startWorker("runner")]);
    });

    it("gives an execution the token of its next attempt", async () => {
      given().loseAnswer("create");
      const handle = await callFromGo(given(), "Call", { untilFinished: true });
      await until("the execution is re-armed", () => given().rearmed() === 1);
      await untilRunning(given());
      await finish(given());
      expect(await handle.result()).toMatchObject({ phase: ExecutionPhase.EXECUTION_COMPLETED });
      expect(given().created).toHaveLength(1);
    });

    it("may die once its activity is pending", async () => {
      const handle = await callFromGo(given(), "Call", { untilFinished: true });
      await untilRunning(given());
      await caller.kill();
      await finish(given());
      caller = await startGo("caller");
      expect(await handle.result()).toMatchObject({ phase: ExecutionPhase.EXECUTION_COMPLETED });
    });
  });

  describe("a Go caller that missed the end of its execution", () => {
    // The runner has a token that it cannot report with.
    const { given, startGo } = useWorld({
      dispatchedToken: (token) => token.map((byte) => ~byte) as typeof token,
    });

    beforeAll(async () => {
      await Promise.all([startGo("caller"), given().startWorker("runner")]);
    });

    it("finds the status with its next attempt", async () => {
      const handle = await callFromGo(given(), "Call", {});
      expect(await handle.result()).toMatchObject({ phase: ExecutionPhase.EXECUTION_COMPLETED });
    });

    it("finds the failure with its next attempt", async () => {
      const handle = await callFromGo(given(), "CallAndTell", { error: "out of stock" });
      expect(await handle.result()).toMatchObject({
        Type: "ExecutionFailed",
        Message: "out of stock",
        NonRetryable: true,
        Phase: "EXECUTION_FAILED",
      });
    });
  });

  describe("a TypeScript runner whose reports a Go worker makes", () => {
    const { given, startGo } = useWorld();
    let stopWorkflows: () => Promise<void>;

    beforeAll(async () => {
      const connection = await NativeConnection.connect({ address: server.address });
      const { codePath, runnerQueue: taskQueue } = given();
      const workflows = await Worker.create({
        connection,
        taskQueue,
        workflowBundle: { codePath },
        dataConverter: { payloadConverterPath },
      });
      const run = workflows.run();
      stopWorkflows = async () => {
        workflows.shutdown();
        await run;
        await connection.close();
      };
      await Promise.all([
        given().startWorker("caller"),
        startGo("runner", { activitiesOnly: true }),
      ]);
    });

    afterAll(async () => {
      await stopWorkflows?.();
    });

    it("completes, as Go leaves a third argument alone", async () => {
      const handle = await given().call("workflow", {}, patient);
      expect(await handle.result()).toMatchObject({
        phase: ExecutionPhase.EXECUTION_COMPLETED,
        output: { from: given().created.at(-1)?.metadata?.id },
      });
    });

    it("completes when Go knows nothing of heartbeats", async () => {
      const handle = await given().call("workflow", { untilFinished: true }, patient);
      await untilRunning(given());
      const runner = given().client.workflow.getHandle(given().created.at(-1)?.metadata?.id ?? "");
      await until("Go has refused to heartbeat", async () => {
        const { pendingActivities } = (await runner.describe()).raw;
        return `${pendingActivities?.[0]?.lastFailure?.message}`.includes(
          "unable to find activityType=HeartbeatExternalActivity",
        );
      });
      await finish(given());
      expect(await handle.result()).toMatchObject({ phase: ExecutionPhase.EXECUTION_COMPLETED });
    });

    it("fails, as Go leaves a third and a fourth argument alone", async () => {
      const handle = await given().call("workflow", { error: "out of stock" }, patient);
      expect(await failureOf(handle)).toMatchObject({
        type: "ExecutionFailed",
        message: "out of stock",
        nonRetryable: true,
      });
    });
  });

  describe("a Go caller that reads any, and a TypeScript runner that writes plain JSON", () => {
    const { given, startGo } = useWorld();

    beforeAll(async () => {
      await Promise.all([startGo("caller"), given().startWorker("runner", { result: "json" })]);
    });

    it("agree on a status", async () => {
      const handle = await callFromGo(given(), "CallForAny", {});
      expect(await handle.result()).toMatchObject({
        Type: "",
        Canceled: false,
        Result: {
          phase: "EXECUTION_COMPLETED",
          output: { from: given().created.at(-1)?.metadata?.id },
        },
      });
      expect(await encodingOfResult(handle)).toBe("json/plain");
      expect(await attemptsOf(handle)).toBe(1);
    });

    it("agree that an execution has failed, and why", async () => {
      const handle = await callFromGo(given(), "CallForAny", { error: "out of stock" });
      expect(await handle.result()).toMatchObject({
        Type: "ExecutionFailed",
        Message: "out of stock",
        NonRetryable: true,
        Result: null,
        Details: { phase: "EXECUTION_FAILED" },
      });
      expect(await attemptsOf(handle)).toBe(1);
    });

    it("cancel the execution", async () => {
      const handle = await callFromGo(given(), "CallForAny", { untilFinished: true });
      await untilRunning(given());
      await handle.cancel();
      expect(await handle.result()).toMatchObject({
        Canceled: true,
        Result: null,
        Details: { phase: "EXECUTION_CANCELLED" },
      });
      const { status } = await readExecution(given());
      expect(status?.phase).toBe(ExecutionPhase.EXECUTION_CANCELLED);
    });
  });

  describe("a Go caller and a TypeScript runner that writes the whole execution", () => {
    const { given, startGo } = useWorld();

    beforeAll(async () => {
      const runner = given().startWorker("runner", { result: "execution" });
      await Promise.all([startGo("caller"), runner]);
    });

    it("agree on the execution, which has no token and no secret in it", async () => {
      const handle = await callFromGo(given(), "CallForExecution", {});
      const execution: WorkflowExecution = await handle.result();
      const stored = await readExecution(given());
      expect(stored.spec?.runtimeEnv.API_KEY?.value).toBe(callerSecret);
      const { status, ...rest } = redact(WorkflowExecutionSchema, stored);
      expect(execution).toMatchObject(rest);
      expect(execution.status).toEqual(withoutAudit(status));
      expect(execution.status?.phase).toBe(ExecutionPhase.EXECUTION_COMPLETED);
      expect(await encodingOfResult(handle)).toBe("json/protobuf");
      expect(secretsIn(await activityEnd(handle), given())).toEqual([]);
      expect(secretsIn(await workflowEnd(handle), given())).toEqual([]);
    });

    it("agree that an execution has failed, and why", async () => {
      const handle = await callFromGo(given(), "CallAndTell", { error: "out of stock" });
      expect(await handle.result()).toMatchObject({
        Type: "ExecutionFailed",
        Message: "out of stock",
        Phase: "EXECUTION_FAILED",
      });
    });

    it("cancel the execution", async () => {
      const handle = await callFromGo(given(), "CallAndTell", { untilFinished: true });
      await untilRunning(given());
      await handle.cancel();
      expect(await handle.result()).toMatchObject({
        Canceled: true,
        Phase: "EXECUTION_CANCELLED",
      });
    });
  });

  describe("a Go workflow that runs ExecuteServerlessWorkflow of a TypeScript runner", () => {
    // No activity waits here.
    const { given, startGo } = useWorld({}, { tokens: false });

    beforeAll(async () => {
      await Promise.all([startGo("caller"), given().startWorker("runner")]);
    });

    it("reads its output", async () => {
      const { handle, id } = await runFromGo(given(), "RunServerless", { answer: "two" });
      expect(await handle.result()).toEqual({
        Result: { from: id, answer: "two" },
        FinalState: { phase: "EXECUTION_COMPLETED" },
        WorkflowName: "checkout",
        ExecutionID: id,
        ExecutionTime: null,
      });
    });

    it("sees that its execution has failed, and why", async () => {
      const plan = { error: "out of stock" };
      const { handle } = await runFromGo(given(), "RunServerlessAndTell", plan);
      expect(await handle.result()).toMatchObject({
        Type: "ExecutionFailed",
        Message: "out of stock",
        NonRetryable: true,
      });
    });

    it("cancels its execution", async () => {
      const plan = { untilFinished: true };
      const { handle } = await runFromGo(given(), "RunServerlessAndTell", plan);
      await untilRunning(given());
      await handle.cancel();
      expect(await handle.result()).toMatchObject({ Type: "ExecutionCancelled" });
      const { status } = await readExecution(given());
      expect(status?.phase).toBe(ExecutionPhase.EXECUTION_CANCELLED);
    });
  });

  describe.each(["Go", "TypeScript"] as const)(
    "a TypeScript caller and a Go runner that reports by Go's JSON, through a worker in %s",
    (language) => {
      const { given, startGo } = useWorld();
      const reportQueue = `reports-${randomUUID()}`;
      const through = language === "Go" ? {} : { reportQueue };

      beforeAll(async () => {
        await Promise.all([
          given().startWorker("caller"),
          startGo("runner"),
          language === "TypeScript" && given().startWorker("runner", { taskQueue: reportQueue }),
        ]);
      });

      /** Expects that there is nothing secret in how the caller's workflow has ended. */
      async function expectNothingSecret(handle: WorkflowHandle) {
        expect(secretsIn(await workflowEnd(handle), given())).toEqual([]);
        // Go has it all in what the activity is completed with; nobody can take it out of there.
        const found = secretsIn(await activityEnd(handle), given());
        if (language === "TypeScript") expect(found).toEqual([]);
        else
          expect(found).toEqual(expect.arrayContaining(["secret 0 as Base64", "secret 2 as text"]));
      }

      it.each(["workflow", "agent"] as const)("complete: %s", async (kind) => {
        const status =
          kind === "workflow"
            ? { phase: "EXECUTION_COMPLETED", output: { text: "two" } }
            : { phase: "EXECUTION_COMPLETED", messages: [{ type: "MESSAGE_AI", content: "two" }] };
        const plan: GoPlan = { goJson: "result", status, ...through };
        const handle = await given().call(kind, plan, patient);
        expect(await handle.result()).toMatchObject({
          phase: ExecutionPhase.EXECUTION_COMPLETED,
          ...(kind === "workflow"
            ? { output: { text: "two" } }
            : { messages: [{ content: "two" }] }),
        });
        expect(await attemptsOf(handle)).toBe(1);
        // The execution as it was at the start of the run.
        expect(await encodingOfResult(handle)).toBe("json/plain");
        expect(JSON.parse(await activityEnd(handle))).toMatchObject({
          api_version: "agentic.stigmer.ai/v1",
          status: { phase: ExecutionPhase.EXECUTION_PENDING },
        });
        await expectNothingSecret(handle);
      });

      it.each(["workflow", "agent"] as const)("fail, for what the %s says", async (kind) => {
        const plan: GoPlan = { goJson: "result", error: "out of stock", ...through };
        const handle = await given().call(kind, plan, patient);
        expect(await failureOf(handle)).toMatchObject({
          type: "ExecutionFailed",
          message: "out of stock",
          nonRetryable: true,
          details: [{ phase: ExecutionPhase.EXECUTION_FAILED, error: "" }],
        });
        // To Go it is a success, which says nothing of its end.
        expect(await encodingOfResult(handle)).toBe(language === "Go" ? "json/plain" : undefined);
        expect(await attemptsOf(handle)).toBe(1);
        await expectNothingSecret(handle);
      });

      it.each(["workflow", "agent"] as const)("are cancelled: %s", async (kind) => {
        const status = { phase: "EXECUTION_CANCELLED", error: "nobody wants it any more" };
        const plan: GoPlan = { goJson: "result", status, ...through };
        const handle = await given().call(kind, plan, patient);
        expect(await failureOf(handle)).toMatchObject({
          type: "ExecutionCancelled",
          message: "nobody wants it any more",
          nonRetryable: true,
          details: [{ phase: ExecutionPhase.EXECUTION_CANCELLED, error: "" }],
        });
        await expectNothingSecret(handle);
      });

      it("are cancelled without a word", async () => {
        const plan: GoPlan = {
          goJson: "result",
          status: { phase: "EXECUTION_CANCELLED" },
          ...through,
        };
        const handle = await given().call("workflow", plan, patient);
        expect(await failureOf(handle)).toMatchObject({
          type: "ExecutionCancelled",
          message: "the execution was cancelled",
        });
      });

      it.each(["error", "both"] as const)("are cancelled with an error: %s", async (goJson) => {
        const status = { phase: "EXECUTION_CANCELLED", error: "nobody wants it any more" };
        const plan: GoPlan = { goJson, status, ...through };
        const handle = await given().call("workflow", plan, language === "Go" ? {} : patient);
        expect(await failureOf(handle)).toMatchObject({
          type: "ExecutionCancelled",
          message: "nobody wants it any more",
        });
      });

      // As {}. Go itself cannot decode that, so that the caller's next attempt finds the failure.
      it.each([
        ["workflow", "error"],
        ["workflow", "both"],
        ["agent", "error"],
        ["agent", "both"],
      ] as const)("fail with an error that says nothing: %s, %s", async (kind, goJson) => {
        const plan: GoPlan = { goJson, error: "out of stock", ...through };
        const handle = await given().call(kind, plan, language === "Go" ? {} : patient);
        expect(await failureOf(handle)).toMatchObject({
          type: "ExecutionFailed",
          message: "out of stock",
          nonRetryable: true,
          details: [{ phase: ExecutionPhase.EXECUTION_FAILED, error: "" }],
        });
        const attempts = await attemptsOf(handle);
        if (language === "TypeScript") expect(attempts).toBe(1);
        else expect(attempts).toBeGreaterThan(1);
        expect(secretsIn(await workflowEnd(handle), given())).toEqual([]);
      });
    },
  );

  /** A world for the tests of one block, with workers in Go. None of them may print a token. */
  function useWorld(options?: WorldOptions, { tokens: hasTokens = true } = {}) {
    let world: World;
    const workers: GoWorker[] = [];

    beforeAll(async () => {
      world = await startWorld(server.address, "default", options);
    });

    afterEach(() => {
      const tokens = world.created.flatMap((execution) => getCallbackToken(execution) ?? []);
      expect(tokens.length > 0).toBe(hasTokens);
      for (const { output } of workers) {
        // A token of Temporal holds the ids of its workflow and its activity as text.
        const found = findSecrets(output(), tokens).filter((found) => !found.endsWith(" as text"));
        expect(found).toEqual([]);
      }
    });

    afterAll(async () => {
      for (const worker of workers) await worker.kill();
      await world?.stop();
    });

    return {
      given: () => world,
      async startGo(role: "caller" | "runner", given: Partial<GoWorkerOptions> = {}) {
        const worker = await startGoWorker(programs[role], {
          address: server.address,
          taskQueue: role === "caller" ? world.callerQueue : world.runnerQueue,
          service: world.serviceUrl,
          ...given,
        });
        workers.push(worker);
        return worker;
      },
    };
  }
});

/** Starts a workflow of the caller in Go. */
function callFromGo(
  { client, callerQueue }: World,
  type: "Call" | "CallAndTell" | "CallForAny" | "CallForExecution",
  plan: Plan,
): Promise<WorkflowHandle> {
  const request = create(WorkflowExecutionSchema, {
    apiVersion: "agentic.stigmer.ai/v1",
    kind: "WorkflowExecution",
    metadata: { name: "test", org: "shop", ownerScope: ApiResourceOwnerScope.organization },
    spec: {
      workflowId: "wfl-1",
      triggerMessage: JSON.stringify(plan),
      runtimeEnv: { API_KEY: { value: callerSecret, isSecret: true } },
    },
  });
  const options = { taskQueue: callerQueue, workflowId: `call-${randomUUID()}`, args: [request] };
  return client.workflow.start(type, options);
}

/** Starts a workflow in Go that runs the runner's workflow itself, for an execution made here. */
async function runFromGo(
  { client, callerQueue, runnerQueue, asRunner }: World,
  type: "RunServerless" | "RunServerlessAndTell",
  plan: Plan,
): Promise<{ handle: WorkflowHandle; id: string }> {
  const id = `wex-${randomUUID()}`;
  const input = encodeTemporalWorkflowInput({
    executionId: id,
    workflowYaml: "",
    metadata: { Name: "checkout", Namespace: "shop", Version: "1.0.0" },
    initialData: plan as JsonObject,
    orgId: "shop",
  });
  const handle = await client.workflow.start(type, {
    taskQueue: callerQueue,
    workflowId: `run-${randomUUID()}`,
    args: [runnerQueue, input],
  });
  // The world dispatches what is created, unless it runs: it cannot publish before it exists.
  await until("the child has started", async () => {
    const { count } = await client.workflow.count(`WorkflowId = "${id}"`);
    return count === 1;
  });
  await asRunner.workflow.commands.create({
    apiVersion: "agentic.stigmer.ai/v1",
    kind: "WorkflowExecution",
    metadata: { id, name: "test", org: "shop", ownerScope: ApiResourceOwnerScope.organization },
    spec: { workflowId: "wfl-1" },
  });
  return { handle, id };
}

/** The execution that was created last, as it is now. */
function readExecution({ asRunner, created }: World) {
  return asRunner.workflow.queries.get({ value: created.at(-1)?.metadata?.id ?? "" });
}

/** Which secrets of the execution that was created last a text shows: its tokens first. */
function secretsIn(text: string, { created }: World): string[] {
  const token = created.at(-1)?.spec?.callbackToken ?? new Uint8Array();
  expect(token.length).toBeGreaterThan(0);
  return (
    findSecrets(text, [token, callerSecret, runnerSecret])
      // A token of Temporal holds the ids of its workflow and its activity as text.
      .filter((found) => found !== "secret 0 as text")
  );
}

/** Waits until one more execution runs. */
async function untilRunning(world: World): Promise<void> {
  await until("the execution runs", async () => {
    if (world.created.length === 0) return false;
    const { status } = await readExecution(world);
    return status?.phase === ExecutionPhase.EXECUTION_IN_PROGRESS;
  });
}

function finish({ client, created }: World): Promise<void> {
  return client.workflow.getHandle(created.at(-1)?.metadata?.id ?? "").signal("finish");
}

// The service keeps its own.
function withoutAudit(status: WorkflowExecutionStatus | undefined): WorkflowExecutionStatus {
  const { audit, ...others } = status ?? create(WorkflowExecutionStatusSchema);
  return create(WorkflowExecutionStatusSchema, others);
}

function expectSame(actual: WorkflowExecutionStatus, expected: WorkflowExecutionStatus): void {
  // For the sake of what it shows: what differs.
  expect(actual).toEqual(expected);
  expect(equals(WorkflowExecutionStatusSchema, actual, expected)).toBe(true);
}
