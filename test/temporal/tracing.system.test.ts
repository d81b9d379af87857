import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import type { Interceptor } from "@connectrpc/connect";
import { connectNodeAdapter, createGrpcTransport } from "@connectrpc/connect-node";
import {
  context,
  propagation,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  trace,
} from "@opentelemetry/api";
import { Resource } from "@opentelemetry/resources";
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-node";
import {
  type CallbackToken,
  callbackToken,
  describeCallbackToken,
  getCallbackToken,
} from "@stigmer/apis";
import { traceContextOf } from "@stigmer/apis/handshake";
import {
  createExecutionActivities,
  createSystemActivities,
  temporalCompleter,
} from "@stigmer/apis/temporal";
import { encodeTemporalWorkflowInput } from "@stigmer/apis/temporal/workflow";
import { createExecutionService } from "@stigmer/apis/testing";
import {
  type WorkflowExecution,
  WorkflowExecutionCommandController,
  type WorkflowExecutionStatus,
} from "@stigmer/apis/workflowexecution/v1";
import { Client, Connection, type WorkflowHandle } from "@temporalio/client";
import { OpenTelemetryPlugin } from "@temporalio/interceptors-opentelemetry";
import {
  DefaultLogger,
  type LogEntry,
  NativeConnection,
  Runtime,
  Worker,
} from "@temporalio/worker";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tracedClient, tracedServer } from "../../examples/tracing/trace-calls.js";
import { withoutHeartbeats } from "../../examples/tracing/without-heartbeats.js";
import { findSecrets } from "../find-secrets.js";
import { startTemporalServer, type TemporalServer, temporalAvailable } from "./server.js";
import { clientsOver } from "./world/clients-over.js";
import type { call } from "./world/workflows.js";
import { payloadConverterPath } from "./world/world.js";

/** What a runner of these workflows does. */
type Plan = Parameters<typeof call>[1];

describe.skipIf(!temporalAvailable())("the spans of a handshake", () => {
  const exporter = new InMemorySpanExporter();
  const spanProcessor = new SimpleSpanProcessor(exporter);
  const provider = new NodeTracerProvider({
    sampler: withoutHeartbeats,
    spanProcessors: [spanProcessor],
  });
  const lines: LogEntry[] = [];
  const tokens: CallbackToken[] = [];
  const taskQueue = randomUUID();
  let server: TemporalServer;
  let native: NativeConnection;
  let client: Client;
  let service: ReturnType<typeof createServer>;
  let worker: Worker;
  let running: Promise<void>;
  let dispatch: (execution: WorkflowExecution) => Promise<void>;

  // Stands for a service that starts its runners.
  const dispatcher: Interceptor = (next) => async (call) => {
    const response = await next(call);
    if (call.method === WorkflowExecutionCommandController.method.create) {
      const execution = response.message as WorkflowExecution;
      tokens.push(getCallbackToken(execution) as CallbackToken);
      await dispatch(execution);
    }
    return response;
  };

  beforeAll(async () => {
    Runtime.install({
      logger: new DefaultLogger("DEBUG", (line) => lines.push(line)),
      telemetryOptions: { logging: { filter: "off" } },
    });
    provider.register();
    const plugin = new OpenTelemetryPlugin({ resource: Resource.empty(), spanProcessor });
    server = await startTemporalServer();
    native = await NativeConnection.connect({ address: server.address });
    const connection = await Connection.connect({ address: server.address });
    const dataConverter = { payloadConverterPath };
    client = new Client({ connection, dataConverter, plugins: [plugin] });
    service = createServer(
      connectNodeAdapter({
        routes: createExecutionService().routes,
        interceptors: [tracedServer, dispatcher],
      }),
    ).listen(0, "127.0.0.1");
    await once(service, "listening");
    const { port } = service.address() as AddressInfo;
    const clients = clientsOver(
      createGrpcTransport({ baseUrl: `http://127.0.0.1:${port}`, interceptors: [tracedClient] }),
    );
    worker = await Worker.create({
      connection: native,
      taskQueue,
      workflowsPath: fileURLToPath(new URL("world/workflows.js", import.meta.url)),
      dataConverter,
      plugins: [plugin],
      activities: {
        ...createExecutionActivities(clients, {
          injectTraceContext: (carrier) => propagation.inject(context.active(), carrier),
        }),
        ...createSystemActivities({ completer: temporalCompleter(client), executions: clients }),
        publishStatus: (executionId: string, status: WorkflowExecutionStatus) =>
          clients.workflow.commands.updateStatus({ executionId, status }),
      },
    });
    running = worker.run();
  });

  afterAll(async () => {
    worker?.shutdown();
    await running;
    service?.close();
    await client?.connection.close();
    await native?.close();
    await server?.stop();
    await provider.shutdown();
  });

  /** Starts a caller, whose execution is dispatched so. */
  function begin(start: typeof dispatch, plan: Plan): Promise<WorkflowHandle> {
    exporter.reset();
    lines.length = 0;
    dispatch = start;
    return client.workflow.start("call", {
      taskQueue,
      workflowId: randomUUID(),
      workflowExecutionTimeout: "1 minute",
      args: ["workflow", plan],
    });
  }

  /** The names of all spans, once caller and runner have ended. */
  async function untilBothHaveEnded(handle: WorkflowHandle): Promise<string[]> {
    await handle.result().catch(() => {});
    const names = () => exporter.getFinishedSpans().map(({ name }) => name);
    await expect.poll(names, soon).toEqual(expect.arrayContaining([caller[1], runner[1]]));
    return names();
  }

  /** Runs a caller to its end, and gives the spans. */
  async function spansOf(start: typeof dispatch, plan: Plan): Promise<ReadableSpan[]> {
    await untilBothHaveEnded(await begin(start, plan));
    return exporter.getFinishedSpans();
  }

  async function startRunner(
    execution: WorkflowExecution,
    callbackToken = getCallbackToken(execution),
  ): Promise<void> {
    const executionId = execution.metadata?.id ?? "";
    const initialData = JSON.parse(execution.spec?.triggerMessage ?? "");
    const input = { executionId, workflowYaml: "", orgId: "shop", initialData, callbackToken };
    await client.workflow.start("ExecuteServerlessWorkflow", {
      taskQueue,
      workflowId: executionId,
      args: [encodeTemporalWorkflowInput(input)],
    });
  }

  /** As of a dispatcher that finds the execution in a store, long after its creation. */
  const later = (start: typeof dispatch) => async (execution: WorkflowExecution) => {
    setImmediate(() => context.with(ROOT_CONTEXT, () => start(execution)));
  };

  test("are one trace from the caller to the report when a handler starts the runner", async () => {
    const spans = await spansOf(startRunner, { answer: "42" });
    const handler = [...caller, `${create} of a client`, `${create} of a server`];
    for (const [scheduled, run] of [body, report]) {
      expect(pathTo(run, spans)).toEqual([...handler, ...runner, scheduled, run]);
    }
    expect(tracesOf(spans)).toHaveLength(1);
    expect(shownIn(spans)).toEqual([]);
  });

  test("are one trace when the runner is started later, by the annotation", async () => {
    const start = (execution: WorkflowExecution) =>
      context.with(propagation.extract(ROOT_CONTEXT, traceContextOf(execution)), () =>
        startRunner(execution),
      );
    const spans = await spansOf(later(start), { answer: "42" });
    for (const [scheduled, run] of [body, report]) {
      expect(pathTo(run, spans)).toEqual([...caller, ...runner, scheduled, run]);
    }
    expect(tracesOf(spans)).toHaveLength(1);
    expect(shownIn(spans)).toEqual([]);
  });

  test("are linked when the runner has a trace of its own", async () => {
    const start = (execution: WorkflowExecution) => {
      const asked = propagation.extract(ROOT_CONTEXT, traceContextOf(execution));
      const links = [{ context: trace.getSpanContext(asked) as SpanContext }];
      return trace.getTracer("test").startActiveSpan("dispatch", { links }, async (span) => {
        await startRunner(execution);
        span.end();
      });
    };
    const spans = await spansOf(later(start), { error: "out of stock" });
    const [scheduled, run] = ["StartActivity", "RunActivity"].map(
      (step) => `${step}:FailExternalActivity`,
    ) as [string, string];
    expect(pathTo(run, spans)).toEqual(["dispatch", ...runner, scheduled, run]);
    const asking = spans.find(({ name }) => name === "RunActivity:ExecuteWorkflow");
    const dispatching = spans.find(({ name }) => name === "dispatch");
    expect(dispatching?.links.map(({ context }) => context.spanId)).toEqual([
      asking?.spanContext().spanId,
    ]);
    expect(tracesOf(spans)).toHaveLength(2);
    expect(shownIn(spans)).toEqual([]);
  });

  /** Lines of one execution, all with this token: each with its outcome, if it has one. */
  function shownLines(ours: readonly LogEntry[], token: CallbackToken): unknown[] {
    const executionId = ours[0]?.meta?.executionId;
    const callbackToken = describeCallbackToken(token);
    // Those of the test before may end late.
    const start = exporter.getFinishedSpans().find(({ name }) => name === caller[0]);
    const traceId = start?.spanContext().traceId;
    for (const { meta } of ours) {
      expect(meta).toMatchObject({ executionId, callbackToken, attempt: 1, trace_id: traceId });
    }
    return ours.map(({ message, meta }) => [message, meta?.outcome ?? meta?.reason].join(": "));
  }
  const handshakeLines = () => lines.filter(({ meta }) => meta?.executionId !== undefined);
  const logged = () => lines.map(({ message }) => message);

  test("have the same ids as the log lines of both sides", async () => {
    const handle = await begin(startRunner, { untilFinished: true });
    await expect.poll(logged, soon).toContain("waiting for the execution");
    await handle.cancel();
    const names = await untilBothHaveEnded(handle);
    expect(shownLines(handshakeLines(), tokens.at(-1) as CallbackToken)).toEqual([
      "started the execution: ",
      "waiting for the execution: ",
      "cancelling the execution: cancel-requested",
      "reported to the waiting activity: cancelled",
    ]);
    expect(names).toContain("StartActivity:HeartbeatExternalActivity");
    expect(names).not.toContain("RunActivity:HeartbeatExternalActivity");
  });

  test("have the same ids as the lines of a report that fails", async () => {
    const garbage = callbackToken(new TextEncoder().encode("no token of Temporal's"));
    const start = (execution: WorkflowExecution) => startRunner(execution, garbage);
    const handle = await begin(start, { ms: 1_500 });
    const last = "the waiting activity could not be told how its execution ended";
    await expect.poll(logged, soon).toContain(last);
    await handle.terminate();
    // The runner may end its heartbeats before the caller says that it waits.
    const ofCaller = describeCallbackToken(tokens.at(-1) as CallbackToken);
    const ofRunner = handshakeLines().filter(({ meta }) => meta?.callbackToken !== ofCaller);
    expect(shownLines(ofRunner, garbage)).toEqual([
      "heartbeats of the waiting activity have ended: ",
      "could not report to the waiting activity: completed",
      `${last}: completed`,
    ]);
    expect(shownIn(exporter.getFinishedSpans())).toEqual([]);
  });

  /** The forms in which spans show tokens; Temporal's are made of ids, which stand there as such. */
  function shownIn(spans: readonly ReadableSpan[]): string[] {
    expect(tokens.length).toBeGreaterThan(0);
    const shown = spans.map(({ name, attributes, events, links, status }) =>
      inspect({ name, attributes, events, links, status }, all),
    );
    const found = findSecrets(shown.join("\n"), tokens);
    return found.filter((form) => !form.endsWith(" as text"));
  }
});

const soon = { timeout: 30_000 };
const all = { depth: null, maxArrayLength: null, maxStringLength: null };

const create = "ai.stigmer.agentic.workflowexecution.v1.WorkflowExecutionCommandController/create";
const caller = [
  "StartWorkflow:call",
  "RunWorkflow:call",
  "StartActivity:ExecuteWorkflow",
  "RunActivity:ExecuteWorkflow",
];
const runner = ["StartWorkflow:ExecuteServerlessWorkflow", "RunWorkflow:ExecuteServerlessWorkflow"];
const body = ["StartActivity:publishStatus", "RunActivity:publishStatus"] as const;
const report = [
  "StartActivity:CompleteExternalActivity",
  "RunActivity:CompleteExternalActivity",
] as const;

/** What a span with this name and all above it are called, from the top. */
function pathTo(name: string, spans: readonly ReadableSpan[]): string[] {
  const path: string[] = [];
  let span = spans.find((span) => span.name === name);
  while (span !== undefined) {
    const { kind, parentSpanId } = span;
    const side = { [SpanKind.CLIENT]: " of a client", [SpanKind.SERVER]: " of a server" };
    path.unshift(`${span.name}${(side as Record<number, string>)[kind] ?? ""}`);
    span = spans.find((other) => other.spanContext().spanId === parentSpanId);
  }
  return path;
}

function tracesOf(spans: readonly ReadableSpan[]): string[] {
  return [...new Set(spans.map((span) => span.spanContext().traceId))];
}
