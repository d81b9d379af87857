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
import { type CallbackToken, getCallbackToken } from "@stigmer/apis";
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
import { Client, Connection } from "@temporalio/client";
import { OpenTelemetryPlugin } from "@temporalio/interceptors-opentelemetry";
import { NativeConnection, Worker } from "@temporalio/worker";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tracedClient, tracedServer } from "../../examples/tracing/trace-calls.js";
import { findSecrets } from "../find-secrets.js";
import { quietRuntime } from "./quiet-runtime.js";
import { startTemporalServer, type TemporalServer, temporalAvailable } from "./server.js";
import { clientsOver } from "./world/clients-over.js";
import type { call } from "./world/workflows.js";
import { payloadConverterPath } from "./world/world.js";

/** What a runner of these workflows does. */
type Plan = Parameters<typeof call>[1];

describe.skipIf(!temporalAvailable())("the spans of a handshake", () => {
  const exporter = new InMemorySpanExporter();
  const spanProcessor = new SimpleSpanProcessor(exporter);
  const provider = new NodeTracerProvider({ spanProcessors: [spanProcessor] });
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
    quietRuntime();
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

  /** Runs a caller, whose execution is dispatched so, and gives the spans once all have ended. */
  async function spansOf(
    start: (execution: WorkflowExecution) => Promise<void>,
    plan: Plan,
  ): Promise<ReadableSpan[]> {
    exporter.reset();
    dispatch = start;
    const handle = await client.workflow.start("call", {
      taskQueue,
      workflowId: randomUUID(),
      workflowExecutionTimeout: "1 minute",
      args: ["workflow", plan],
    });
    await handle.result().catch(() => {});
    const runner = "RunWorkflow:ExecuteServerlessWorkflow";
    const names = () => exporter.getFinishedSpans().map(({ name }) => name);
    await expect.poll(names, { timeout: 30_000 }).toContain(runner);
    return exporter.getFinishedSpans();
  }

  async function startRunner(execution: WorkflowExecution): Promise<void> {
    const executionId = execution.metadata?.id ?? "";
    const initialData = JSON.parse(execution.spec?.triggerMessage ?? "");
    const callbackToken = getCallbackToken(execution);
    const input = { executionId, workflowYaml: "", orgId: "shop", initialData, callbackToken };
    await client.workflow.start("ExecuteServerlessWorkflow", {
      taskQueue,
      workflowId: executionId,
      args: [encodeTemporalWorkflowInput(input)],
    });
  }

  /** As of a dispatcher that finds the execution in a store, long after its creation. */
  const later = (start: typeof startRunner) => async (execution: WorkflowExecution) => {
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
