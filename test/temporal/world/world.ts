import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import {
  type CallbackToken,
  type Execution,
  formatCallbackToken,
  getCallbackToken,
} from "@stigmer/apis";
import { encodeTemporalWorkflowInput } from "@stigmer/apis/temporal/workflow";
import { Client, Connection } from "@temporalio/client";
import type { DataConverter } from "@temporalio/common";
import { bundleWorkflowCode, DefaultLogger } from "@temporalio/worker";
import {
  type ExistingServices,
  startExistingServices,
} from "../existing-services/start-existing-services.js";
import { type Clients, clientsOver } from "./clients-over.js";
import { startInMemoryService } from "./in-memory-service.js";
import type { Service, ServiceName, ServiceObserver } from "./service.js";
import { transportTo } from "./service-transport.js";
import type { WorkerConfig } from "./worker.js";
import type { Plan } from "./workflows.js";

const workerPath = fileURLToPath(new URL("worker.js", import.meta.url));
const workflowsPath = fileURLToPath(new URL("workflows.js", import.meta.url));
export const payloadConverterPath = fileURLToPath(
  import.meta.resolve("@stigmer/apis/temporal/payload-converter"),
);

/** Resolves when the condition holds; fails after two minutes, with what it was about. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 120_000;
  // Less and less often, for many a test asks the server.
  for (let ms = 20; !(await holds()); ms = Math.min(ms * 1.5, 250)) {
    if (Date.now() > deadline) throw new Error(`expected, but not within two minutes: ${what}`);
    await sleep(ms);
  }
}

export interface WorkerProcess {
  /** What it has printed. */
  readonly output: () => string;
  /** Resolves when it has stopped at the gate. */
  at(gate: string): Promise<void>;
  /** Lets it through the gate, now and from now on. Resolves when that has been done. */
  open(gate: string): Promise<void>;
  /** Lets through the gate what comes from now on; what stands at it stays there. */
  pass(gate: string): void;
  /** Stops it at the gate from now on. */
  close(gate: string): void;
  /** Resolves when no activity is in the worker: each has ended or has gone async. */
  idle(): Promise<void>;
  /** Ends it at once (SIGKILL). */
  kill(): Promise<void>;
}

export interface World {
  readonly client: Client;
  /** Reaches the runners' workflows; like `client`, unless the runners have a server of their own. */
  readonly runnerClient: Client;
  /** The bundle of the workflows, for workers in the test's own process. */
  readonly codePath: string;
  readonly serviceUrl: string;
  /** What shows the execution service that one may read tokens. */
  readonly serviceKey: string | undefined;
  /** The stand-in, when that is this world's execution service. */
  readonly existingServices: ExistingServices | undefined;
  /** All executions that were created, in order; each once, as it was at first. */
  readonly created: readonly Execution[];
  /** How often an execution was given another token. */
  readonly rearmed: () => number;
  /** How many requests of this method have reached the execution service. */
  calls(method: string): number;
  readonly callerQueue: string;
  readonly runnerQueue: string;
  /** Clients that may read tokens. */
  readonly asRunner: Clients;
  startWorker(role: "caller" | "runner", config?: Partial<WorkerConfig>): Promise<WorkerProcess>;
  /** Starts a caller's workflow. */
  call(
    kind: "workflow" | "agent",
    plan: Plan,
    options?: object,
  ): Promise<import("@temporalio/client").WorkflowHandle>;
  /**
   * Ends the execution service with all its connections, the stand-in by SIGKILL; what it has stored
   * stays.
   */
  serviceDown(): Promise<void>;
  /** Resolves when it serves again, at the same port. */
  serviceUp(): Promise<void>;
  /** The next call of this method takes effect, but its connection is cut before the answer. */
  loseAnswer(method: string): void;
  stop(): Promise<void>;
}

let bundled: Promise<string> | undefined;
const folders: string[] = [];

/** The tests' workflows, bundled once for all workers of a run. */
function bundle(): Promise<string> {
  bundled ??= (async () => {
    const logger = new DefaultLogger("WARN");
    const { code } = await bundleWorkflowCode({ workflowsPath, payloadConverterPath, logger });
    const folder = await mkdtemp(join(tmpdir(), "stigmer-workflows-"));
    folders.push(folder);
    const codePath = join(folder, "workflows.js");
    await writeFile(codePath, code);
    return codePath;
  })();
  return bundled;
}

process.once("exit", () => {
  for (const folder of folders) rm(folder, { recursive: true, force: true });
});

export interface WorldOptions {
  /** The execution service; `in-memory` unless it says otherwise. */
  service?: ServiceName;
  /** What the service in memory speaks; `connect` unless it says otherwise. */
  protocol?: "connect" | "grpc";
  /** The task queues of the callers and the runners, for programs that have them in their source. */
  queues?: { readonly caller: string; readonly runner: string };
  /** The Temporal server of the runners, when it is not that of the callers. */
  runnerAddress?: string;
  /** What the runner gets in place of the token that the caller has put into the spec. */
  dispatchedToken?: (token: CallbackToken) => CallbackToken;
  /** Of the client, when it is not the one of all workers here. */
  dataConverter?: DataConverter;
}

/**
 * Everything around the handshake but the workers: an execution service on a port of its own, which
 * has a runner's workflow started for each execution, and task queues that nobody else uses.
 */
export async function startWorld(
  address: string,
  namespace = "default",
  {
    service: serviceName = "in-memory",
    protocol,
    queues,
    runnerAddress = address,
    dispatchedToken = (token) => token,
    dataConverter = { payloadConverterPath },
  }: WorldOptions = {},
): Promise<World> {
  const codePath = await bundle();
  const run = randomUUID();
  const { caller: callerQueue, runner: runnerQueue } = queues ?? {
    caller: `caller-${run}`,
    runner: `runner-${run}`,
  };
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, namespace, dataConverter });
  const runnerConnection = await Connection.connect({ address: runnerAddress });
  const runnerClient = new Client({ connection: runnerConnection, namespace, dataConverter });
  const workers = new Set<WorkerProcess>();
  const created = new Map<string, Execution>();
  const dispatches = new Set<Promise<void>>();
  const calls: string[] = [];
  let rearmed = 0;
  let stopped = false;

  async function dispatch(execution: Execution): Promise<void> {
    const id = execution.metadata?.id ?? "";
    const armed = getCallbackToken(execution);
    const token = armed && dispatchedToken(armed);
    const [type, input] =
      execution.$typeName === "ai.stigmer.agentic.workflowexecution.v1.WorkflowExecution"
        ? [
            "ExecuteServerlessWorkflow",
            encodeTemporalWorkflowInput({
              executionId: id,
              workflowYaml: "",
              initialData: JSON.parse(execution.spec?.triggerMessage || "{}"),
              orgId: execution.metadata?.org ?? "",
              callbackToken: token,
            }),
          ]
        : [
            "ExecuteAgentLoop",
            {
              executionId: id,
              callbackToken: token ? formatCallbackToken(token) : "",
              plan: JSON.parse(execution.spec?.message || "{}"),
            },
          ];
    const options = {
      taskQueue: runnerQueue,
      workflowId: id,
      workflowIdReusePolicy: "REJECT_DUPLICATE",
      args: [input],
    } as const;
    // An execution that exists is run, however long the server is away, and once: a start whose
    // answer was lost is not made again after the run has ended.
    while (!stopped) {
      try {
        await runnerClient.workflow.start(type, options);
        return;
      } catch (error) {
        if (error instanceof Error && error.name === "WorkflowExecutionAlreadyStartedError") return;
        await sleep(200);
      }
    }
  }

  const observer: ServiceObserver = {
    called: (method) => calls.push(method),
    created(execution) {
      const id = execution.metadata?.id ?? "";
      if (!created.has(id)) created.set(id, execution);
      const dispatched = dispatch(execution).finally(() => dispatches.delete(dispatched));
      dispatches.add(dispatched);
    },
    updated() {
      rearmed++;
    },
  };
  const existingServices =
    serviceName === "existing" ? await startExistingServices(observer) : undefined;
  const service: Service = existingServices ?? (await startInMemoryService(observer, protocol));

  return {
    client,
    runnerClient,
    codePath,
    serviceUrl: service.url,
    serviceKey: service.key,
    existingServices,
    get created() {
      return [...created.values()];
    },
    rearmed: () => rearmed,
    calls: (method) => calls.filter((called) => called === method).length,
    callerQueue,
    runnerQueue,
    asRunner: clientsOver(transportTo(service)),
    async startWorker(role, config) {
      const worker = await startWorker({
        role,
        address: role === "caller" ? address : runnerAddress,
        ...(role === "runner" && { callerAddress: address }),
        namespace,
        taskQueue: role === "caller" ? callerQueue : runnerQueue,
        service: {
          url: service.url,
          protocol: service.protocol,
          key: role === "runner" ? service.key : undefined,
        },
        gates: [],
        codePath,
        ...config,
      });
      workers.add(worker);
      return worker;
    },
    call: (kind, plan, options) =>
      client.workflow.start("call", {
        taskQueue: callerQueue,
        workflowId: `call-${randomUUID()}`,
        args: [kind, plan, options],
      }),
    serviceDown: () => service.down(),
    serviceUp: () => service.up(),
    loseAnswer: (method) => service.loseAnswer(method),
    async stop() {
      stopped = true;
      for (const worker of workers) await worker.kill();
      await Promise.all(dispatches);
      await service.stop();
      await Promise.all([connection.close(), runnerConnection.close()]);
    },
  };
}

async function startWorker(config: WorkerConfig): Promise<WorkerProcess> {
  const child: ChildProcess = fork(workerPath, [JSON.stringify(config)], { silent: true });
  let output = "";
  child.stdout?.on("data", (chunk) => {
    output += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    output += chunk;
  });
  const reached = new Set<string>();
  const opened = new Set<string>();
  let ready = false;
  let idle = false;
  type Report = { ready?: boolean; at?: string; opened?: string; idle?: boolean };
  child.on("message", (message: Report) => {
    if (message.ready) ready = true;
    if (message.at) reached.add(message.at);
    if (message.opened) opened.add(message.opened);
    if (message.idle) idle = true;
  });
  const ended = once(child, "exit");
  const alive = () => child.exitCode === null && child.signalCode === null;
  const untilOrDead = (what: string, holds: () => boolean) =>
    until(what, () => {
      if (!alive() && !holds()) throw new Error(`a ${config.role}'s worker ended:\n${output}`);
      return holds();
    });
  await untilOrDead(`the ${config.role}'s worker is ready`, () => ready);
  return {
    output: () => output,
    at: (gate) => untilOrDead(`the ${config.role}'s worker is ${gate}`, () => reached.has(gate)),
    async open(gate) {
      reached.delete(gate);
      opened.delete(gate);
      child.send({ open: gate });
      await until(`the gate ${gate} is open`, () => opened.has(gate) || !alive());
    },
    pass: (gate) => {
      reached.delete(gate);
      child.send({ pass: gate });
    },
    close: (gate) => {
      child.send({ close: gate });
    },
    async idle() {
      idle = false;
      child.send({ reportIdle: true });
      await untilOrDead(`the ${config.role}'s worker has no activity`, () => idle);
    },
    async kill() {
      if (alive()) child.kill("SIGKILL");
      await ended;
    },
  };
}
