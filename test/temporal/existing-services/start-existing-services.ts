import { type ChildProcess, fork } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fromBinary } from "@bufbuild/protobuf";
import { base64Decode } from "@bufbuild/protobuf/wire";
import { AgentExecutionSchema } from "@stigmer/apis/agentexecution/v1";
import { WorkflowExecutionSchema } from "@stigmer/apis/workflowexecution/v1";
import type { Service, ServiceObserver } from "../world/service.js";
import type { Order, Report, ServiceConfig } from "./service.js";

const servicePath = fileURLToPath(new URL("service.js", import.meta.url));
const schemas = { workflow: WorkflowExecutionSchema, agent: AgentExecutionSchema };

/** The stand-in for the existing services. `down` is SIGKILL, `up` a new process with the same data. */
export interface ExistingServices extends Service {
  /** Stops calls at this gate, such as `before create` or `after create`, until the process ends. */
  close(gate: string): void;
  /** Resolves when a call stands at the gate. Rejects when the process has ended before that. */
  at(gate: string): Promise<void>;
}

/** Starts the stand-in on a free port. Resolves when it serves. */
export async function startExistingServices(observer: ServiceObserver): Promise<ExistingServices> {
  const folder = await mkdtemp(join(tmpdir(), "stigmer-services-"));
  const path = join(folder, "executions.jsonl");
  let current: ServiceProcess | undefined;
  const start = async (port: number) => {
    current = forkService({ port, path }, observer);
    return current.port();
  };
  const down = async () => {
    const ending = current;
    current = undefined;
    await ending?.kill();
  };
  const stop = async () => {
    await down();
    await rm(folder, { recursive: true, force: true });
  };

  let port: number;
  try {
    port = await start(0);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `http://127.0.0.1:${port}`,
    protocol: "grpc",
    down,
    async up() {
      if (!current) await start(port);
    },
    loseAnswer: (method) => current?.order({ loseAnswer: method }),
    close: (gate) => current?.order({ close: gate }),
    async at(gate) {
      await current?.at(gate);
    },
    stop,
  };
}

interface ServiceProcess {
  /** Resolves when it serves. */
  port(): Promise<number>;
  at(gate: string): Promise<void>;
  order(order: Order): void;
  /** Ends it at once (SIGKILL). Resolves when all has arrived that it has reported. */
  kill(): Promise<void>;
}

function forkService(config: ServiceConfig, observer: ServiceObserver): ServiceProcess {
  const child: ChildProcess = fork(servicePath, [JSON.stringify(config)], { silent: true });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  }
  const changes = new EventEmitter().setMaxListeners(0);
  const reached = new Set<string>();
  let port: number | undefined;
  let hasEnded = false;
  child.on("message", (report: Report) => {
    if (report.port) port = report.port;
    if (report.at) reached.add(report.at);
    if (report.call) observer.called(report.call);
    if (report.created) {
      const { kind, bytes } = report.created;
      observer.created(fromBinary(schemas[kind], base64Decode(bytes)));
    }
    if (report.updated) observer.updated();
    changes.emit("change");
  });
  const ended = Promise.all([once(child, "exit"), once(child, "disconnect")]).then(() => {
    hasEnded = true;
    changes.emit("change");
  });
  child.once("close", (_, signal) => {
    // Seen from its clients, it would be a service that is away for ever.
    if (signal !== "SIGKILL") console.error(`the stand-in has ended by itself:\n${output}`);
  });
  async function until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      if (hasEnded) throw new Error(`the stand-in for the existing services has ended:\n${output}`);
      await once(changes, "change");
    }
  }
  return {
    async port() {
      await until(() => port !== undefined);
      return port as number;
    },
    at: (gate) => until(() => reached.has(gate)),
    order(order) {
      child.send(order);
    },
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
