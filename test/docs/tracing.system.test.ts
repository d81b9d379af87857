import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { Client, Connection } from "@temporalio/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../support/free-port.js";
import { startTemporalServer, type TemporalServer, temporalAvailable } from "../temporal/server.js";
import { payloadConverterPath } from "../temporal/world/world.js";
import { filesOf, readPage, root } from "./pages/page.js";
import { openProjects, type Projects } from "./pages/project.js";

const limitMs = 180_000;
const page = readPage("docs/tracing.md");
const files = filesOf(page);

test.each(["trace-calls.ts", "without-heartbeats.ts"])(
  "docs/tracing.md has %s as it is tested",
  (name) => {
    const example = readFileSync(join(root, "examples/tracing", name), "utf8");
    expect(files.get(name)).toBe(example);
  },
);

/** A span, as a collector gets it: OTLP in JSON. */
interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly service: string;
}

describe.skipIf(!temporalAvailable())("the programs of docs/tracing.md", () => {
  const spans: Span[] = [];
  const programs: ChildProcess[] = [];
  let projects: Projects;
  let server: TemporalServer;
  let collector: Server;
  let client: Client;

  beforeAll(async () => {
    projects = openProjects();
    // The workflows are those of the other page, as this one says.
    const ofTemporal = readPage("docs/temporal.md");
    const workflows = ofTemporal.blocks.filter(({ file }) => file?.endsWith("-workflows.ts"));
    const project = projects.follow({ ...page, blocks: [...page.blocks, ...workflows] });

    collector = createServer(async (request, response) => {
      const { resourceSpans } = JSON.parse(await text(request));
      for (const { resource, scopeSpans } of resourceSpans) {
        const [{ value }] = resource.attributes.filter(({ key }: never) => key === "service.name");
        for (const { spans: some } of scopeSpans) {
          spans.push(...some.map((span: Span) => ({ ...span, service: value.stringValue })));
        }
      }
      response.setHeader("content-type", "application/json").end("{}");
    }).listen(0, "127.0.0.1");
    await once(collector, "listening");
    server = await startTemporalServer();
    const connection = await Connection.connect({ address: server.address });
    client = new Client({ connection, dataConverter: { payloadConverterPath } });
    const env = {
      ...process.env,
      TEMPORAL_ADDRESS: server.address,
      CALLERS_TEMPORAL_ADDRESS: server.address,
      SERVICE_URL: `http://127.0.0.1:${await freePort()}`,
      RUNNER_KEY: randomUUID(),
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
    };
    for (const name of ["service", "caller", "runner"]) {
      const own = { OTEL_SERVICE_NAME: name };
      const options = { cwd: project, env: { ...env, ...own }, stdio: "ignore" } as const;
      programs.push(spawn(process.execPath, [`dist/${name}.js`], options));
    }
  }, limitMs);

  async function stopPrograms(): Promise<void> {
    for (const program of programs.splice(0)) {
      const ended = program.exitCode === null && once(program, "exit");
      program.kill();
      await ended;
    }
  }

  afterAll(async () => {
    await stopPrograms();
    collector?.close();
    await client?.connection.close();
    await server?.stop();
    projects?.remove();
  });

  test("have an order fulfilled in one trace", { timeout: limitMs }, async () => {
    const lost = programs.map(async (program) => {
      await once(program, "exit");
      throw new Error(`a program has ended: ${program.spawnargs.join(" ")}`);
    });
    const result = client.workflow.execute("fulfilOrder", {
      taskQueue: "orders",
      workflowId: randomUUID(),
      workflowExecutionTimeout: "2 minutes",
      args: ["A-1001"],
    });
    const parcel = await Promise.race([result, Promise.race(lost)]);
    expect(parcel).toMatch(/^parcel P-wex-/);
    // The caller may have its result first.
    await client.workflow.getHandle(parcel.replace("parcel P-", "")).result();
    for (const program of lost) program.catch(() => {});
    // They send what is left when they end.
    await stopPrograms();

    const create =
      "ai.stigmer.agentic.workflowexecution.v1.WorkflowExecutionCommandController/create";
    const caller = [
      "caller RunWorkflow:fulfilOrder",
      "caller StartActivity:ExecuteWorkflow",
      "caller RunActivity:ExecuteWorkflow",
    ];
    const runner = [
      ...caller,
      "service StartWorkflow:ExecuteServerlessWorkflow",
      "runner RunWorkflow:ExecuteServerlessWorkflow",
    ];
    const pathOf = (name: string) => pathTo(name, spans);
    expect(pathOf(`service ${create}`)).toEqual([
      ...caller,
      `caller ${create}`,
      `service ${create}`,
    ]);
    for (const activity of ["runTasks", "CompleteExternalActivity"]) {
      expect(pathOf(`runner RunActivity:${activity}`)).toEqual([
        ...runner,
        `runner StartActivity:${activity}`,
        `runner RunActivity:${activity}`,
      ]);
    }
  });
});

/** The services and names of a span and of all above it, from the top. */
function pathTo(title: string, spans: readonly Span[]): string[] {
  const titleOf = ({ service, name }: Span) => `${service} ${name}`;
  const path: string[] = [];
  let span = spans.find((span) => titleOf(span) === title);
  while (span !== undefined) {
    const { traceId, parentSpanId } = span;
    path.unshift(titleOf(span));
    span = spans.find((other) => other.spanId === parentSpanId && other.traceId === traceId);
  }
  return path;
}
