import { clone, create } from "@bufbuild/protobuf";
import { Code, ConnectError, createRouterTransport, type Interceptor } from "@connectrpc/connect";
import { callbackToken, type Execution, getCallbackToken, hasCallbackToken } from "@stigmer/apis";
import { type AgentExecution, AgentExecutionSchema } from "@stigmer/apis/agentexecution/v1";
import { ApiResourceOwnerScope } from "@stigmer/apis/apiresource";
import {
  createExecutionActivities,
  type ExecutionActivitiesOptions,
  temporalCompleter,
} from "@stigmer/apis/temporal";
import { createExecutionService } from "@stigmer/apis/testing";
import {
  ExecutionPhase,
  type WorkflowExecution,
  WorkflowExecutionSchema,
  type WorkflowExecutionStatus,
} from "@stigmer/apis/workflowexecution/v1";
import { ActivityFailure, type ActivityOptions } from "@temporalio/common";
import { describe, expect, it } from "vitest";
import { temporalAvailable } from "../server.js";
import { useWorker } from "../use-worker.js";
import { type Clients, clientsOver } from "../world/clients-over.js";
import { until } from "../world/world.js";

const request = create(WorkflowExecutionSchema, {
  apiVersion: "agentic.stigmer.ai/v1",
  kind: "WorkflowExecution",
  metadata: { ownerScope: ApiResourceOwnerScope.organization, tags: ["order:A-1001"] },
  spec: { workflowId: "wfl-1" },
});
const agentRequest = create(AgentExecutionSchema, {
  apiVersion: "agentic.stigmer.ai/v1",
  kind: "AgentExecution",
  metadata: { tags: ["order:A-1001"] },
  spec: { agentId: "agt-1", message: "hello" },
});

/** An execution service in memory, what was created on it, and how to end that. */
function serve(interceptor: Interceptor = (next) => next) {
  const created: Execution[] = [];
  const recording: Interceptor = (next) => async (call) => {
    const response = await next(call);
    if (call.method.name === "create") created.push(response.message as Execution);
    return response;
  };
  const router = { interceptors: [interceptor, recording] };
  const clients = clientsOver(createRouterTransport(createExecutionService().routes, { router }));
  const end = async (executionId: string) => {
    const { commands } = clients.workflow;
    const inProgress = { phase: ExecutionPhase.EXECUTION_IN_PROGRESS };
    await commands.updateStatus({ executionId, status: inProgress });
    const completed = { phase: ExecutionPhase.EXECUTION_COMPLETED };
    return commands.updateStatus({ executionId, status: completed });
  };
  const idOf = async (index: number) => {
    await until(`execution ${index} is created`, () => created.length > index);
    return created[index]?.metadata?.id ?? "";
  };
  return { clients, created, end, idOf };
}

describe.skipIf(!temporalAvailable())("the activities of a caller, on a worker", () => {
  const worker = useWorker(new URL("calling.workflow.js", import.meta.url));

  /** A worker with these activities until the end of the test. */
  async function call(
    clients: Clients,
    execution: WorkflowExecution | AgentExecution,
    {
      type = "calling",
      activity = {},
      ...options
    }: ExecutionActivitiesOptions & { type?: string; activity?: ActivityOptions } = {},
  ) {
    const activities = { ...createExecutionActivities(clients, options) };
    return worker.start(activities, type, execution, activity);
  }

  it.each([
    ["wex", request],
    ["aex", agentRequest],
  ])(
    "create an execution that every attempt can find, and that starts with %s",
    async (prefix, execution) => {
      const { clients, created, idOf } = serve();
      const handle = await call(clients, execution);
      const run = (await handle.describe()).runId;
      expect(await idOf(0)).toBe(`${prefix}-${run}-1`);
      expect(created[0]?.metadata?.tags).toEqual(["order:A-1001", `temporal:${run}/1`]);
      await handle.terminate();
    },
  );

  it("keep the id that the caller has given", async () => {
    const { clients, idOf } = serve();
    const named = clone(WorkflowExecutionSchema, request);
    if (named.metadata) named.metadata.id = "wex-mine";
    const handle = await call(clients, named);
    expect(await idOf(0)).toBe("wex-mine");
    await handle.terminate();
  });

  it("find by its tag what an earlier attempt has created, also under an id that the service has made", async () => {
    let creates = 0;
    const { clients, created, end, idOf } = serve((next) => async (call) => {
      if (call.method.name !== "create") return next(call);
      const { metadata } = call.message as unknown as WorkflowExecution;
      if (metadata) metadata.id = "";
      const response = await next(call);
      // Nobody hears of the first one.
      if (creates++ === 0) await new Promise(() => {});
      return response;
    });
    const handle = await call(clients, request, { activity: { startToCloseTimeout: "1s" } });
    const id = await idOf(0);
    const first = getCallbackToken(created[0] as Execution);
    const current = async () => getCallbackToken(await clients.workflow.queries.get({ value: id }));
    await until("re-armed", async () => `${await current()}` !== `${first}`);
    const { status } = await end(id);
    const completer = temporalCompleter(worker.client());
    const token = callbackToken((await current()) as Uint8Array);
    expect(await completer.complete(token, status as WorkflowExecutionStatus)).toBe("settled");
    expect(await handle.result()).toEqual(status);
    expect(created).toHaveLength(1);
  });

  it.each([
    ["start-to-close", { startToCloseTimeout: "1s", heartbeatTimeout: "1m" }],
    ["heartbeat", { startToCloseTimeout: "1m", heartbeatTimeout: "1s" }],
  ])(
    "give up their calls with the %s timeout of the attempt, when that is the first",
    async (_, activity) => {
      const creates: AbortSignal[] = [];
      const { clients } = serve(() => async ({ signal }) => {
        creates.push(signal);
        return new Promise(() => {});
      });
      const handle = await call(clients, request, { activity } as { activity: ActivityOptions });
      await until("the first call is given up", () => creates[0]?.aborted === true);
      // Later ones are those of later attempts.
      expect(creates.filter(({ aborted }) => !aborted).length).toBeLessThanOrEqual(1);
      await handle.terminate();
    },
  );

  it("return at once what has ended before a later attempt", async () => {
    const { clients, created, end, idOf } = serve();
    const handle = await call(clients, request, { activity: { startToCloseTimeout: "1s" } });
    await end(await idOf(0));
    expect(await handle.result()).toMatchObject({ phase: ExecutionPhase.EXECUTION_COMPLETED });
    expect(created).toHaveLength(1);
  });

  it("try again while the service is away", async () => {
    let calls = 0;
    const { clients, end, idOf } = serve((next) => async (call) => {
      if (calls++ < 2) throw new ConnectError("away", Code.Unavailable);
      return next(call);
    });
    const handle = await call(clients, request, {
      wait: "subscription",
      activity: { startToCloseTimeout: "1m" },
    });
    await end(await idOf(0));
    expect(await handle.result()).toMatchObject({ phase: ExecutionPhase.EXECUTION_COMPLETED });
  });

  it("do not try again what the service refuses", async () => {
    let calls = 0;
    const { clients } = serve(() => async () => {
      calls++;
      throw new ConnectError("not for you", Code.PermissionDenied);
    });
    const handle = await call(clients, request);
    const error = await handle.result().catch((error: Error) => error.cause);
    expect(error).toBeInstanceOf(ActivityFailure);
    expect((error as ActivityFailure).cause).toMatchObject({
      type: "ExecutionRefused",
      message: expect.stringContaining("not for you"),
    });
    expect(calls).toBe(1);
  });

  it("give a request without metadata an id and a name that every attempt gives it", async () => {
    const { clients, created, idOf } = serve();
    const anonymous = clone(AgentExecutionSchema, agentRequest);
    delete anonymous.metadata;
    const handle = await call(clients, anonymous);
    const id = await idOf(0);
    expect(created[0]?.metadata?.name).toBe(id);
    await handle.terminate();
  });

  it("wait in the worker when told to, and find again what an earlier attempt has created", async () => {
    const { clients, created, end, idOf } = serve();
    const handle = await call(clients, request, {
      wait: "subscription",
      activity: { startToCloseTimeout: "1s" },
    });
    const id = await idOf(0);
    await until("a second attempt", async () => {
      const { raw } = await handle.describe();
      return (raw.pendingActivities?.[0]?.attempt ?? 0) >= 2;
    });
    await end(id);
    expect(await handle.result()).toMatchObject({ phase: ExecutionPhase.EXECUTION_COMPLETED });
    expect(created.map(hasCallbackToken)).toEqual([false]);
  });

  it("stop waiting in the worker when they are cancelled, and leave the execution alone", async () => {
    const { clients, idOf } = serve();
    const handle = await call(clients, request, {
      wait: "subscription",
      activity: { heartbeatTimeout: "3s", cancellationType: "WAIT_CANCELLATION_COMPLETED" },
    });
    const id = await idOf(0);
    await handle.cancel();
    await expect(handle.result()).rejects.toThrow("cancelled");
    const { status } = await clients.workflow.queries.get({ value: id });
    expect(status?.phase).toBe(ExecutionPhase.EXECUTION_PENDING);
  });

  it("wait in the worker as a local activity, which has no token", async () => {
    const { clients, created, end, idOf } = serve();
    const handle = await call(clients, request, { type: "callingLocally" });
    await end(await idOf(0));
    expect(await handle.result()).toMatchObject({ phase: ExecutionPhase.EXECUTION_COMPLETED });
    expect(created.map(hasCallbackToken)).toEqual([false]);
  });
});
