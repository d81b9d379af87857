import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import type { Execution } from "@stigmer/apis";
import { AgentExecutionSchema } from "@stigmer/apis/agentexecution/v1";
import { ExecutionPhase } from "@stigmer/apis/workflowexecution/v1";
import { WorkflowRunnerServiceController } from "@stigmer/apis/workflowrunner/v1";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { type Clients, clientsOver } from "../world/clients-over.js";
import { transportTo } from "../world/service-transport.js";
import { openJournal } from "./journal.js";
import { agentKind } from "./kinds.js";
import { startExistingServices } from "./start-existing-services.js";

const { EXECUTION_PENDING, EXECUTION_IN_PROGRESS, EXECUTION_COMPLETED, EXECUTION_FAILED } =
  ExecutionPhase;
const unknownFor = (text: string) =>
  expect.objectContaining({ code: Code.Unknown, rawMessage: text });
const withCode = (code: Code) => expect.objectContaining({ code });
const token = Uint8Array.of(1, 2, 3);
const env = { KEY: { value: "hunter2", isSecret: true } };

async function serve() {
  const calls: string[] = [];
  const created: Execution[] = [];
  let updates = 0;
  const services = await startExistingServices({
    called: (method) => calls.push(method),
    created: (execution) => created.push(execution),
    updated() {
      updates++;
    },
  });
  onTestFinished(() => services.stop());
  const transport = transportTo(services);
  return {
    services,
    transport,
    ...clientsOver(transport),
    calls,
    created,
    updates: () => updates,
  };
}

const workflowNamed = (name: string, id = "") => ({
  metadata: { name, id, org: "shop", tags: ["a"], labels: { a: "1" } },
  spec: { workflowId: "wfl-1", callbackToken: token, runtimeEnv: env },
});
const agentNamed = (name: string, id = "") => ({
  metadata: { name, id, org: "shop", tags: ["a"] },
  spec: { agentId: "agt-1", message: "hello", callbackToken: token, runtimeEnv: env },
});

/** What both kinds do alike. */
const kinds: Record<string, (clients: Clients, name: string, id?: string) => Promise<Execution>> = {
  workflow: ({ workflow }, name, id) => workflow.commands.create(workflowNamed(name, id)),
  agent: ({ agent }, name, id) => agent.commands.create(agentNamed(name, id)),
};

describe("create of the existing services", () => {
  it.each(Object.entries(kinds))(
    "keeps an id, and makes the slug and the rest (%s)",
    async (kind, create) => {
      const clients = await serve();
      const first = await create(clients, "Ship Order #1, soon!", "given");
      expect(first.metadata).toMatchObject({ id: "given", slug: "ship-order-1-soon", org: "shop" });
      expect(first.status?.phase).toBe(EXECUTION_PENDING);
      const second = await create(clients, "another");
      expect(second.metadata?.id).toMatch(kind === "agent" ? /^aex-./ : /^wex-./);
      // It arrives by another way than the answers do.
      await vi.waitFor(() => expect(clients.created).toEqual([first, second]), 20_000);
    },
  );

  it.each(Object.entries(kinds))(
    "asks for a name, with a code that says nothing (%s)",
    async (_, create) => {
      const clients = await serve();
      await expect(create(clients, "", "given")).rejects.toEqual(
        unknownFor("resource name is empty, cannot generate slug"),
      );
      expect(clients.created).toEqual([]);
    },
  );

  it("fills in the session of an agent and the instance of a workflow", async () => {
    const { workflow, agent } = await serve();
    const ofWorkflow = await workflow.commands.create(workflowNamed("one"));
    expect(ofWorkflow.spec?.workflowInstanceId).toMatch(/^wfi-./);
    expect(await workflow.queries.get({ value: ofWorkflow.metadata?.id ?? "" })).toEqual(
      ofWorkflow,
    );
    const ofAgent = await agent.commands.create(agentNamed("one"));
    expect(ofAgent.spec?.sessionId).toMatch(/^ses-./);
    expect(await agent.queries.get({ value: ofAgent.metadata?.id ?? "" })).toEqual(ofAgent);
  });

  it("overwrites an agent execution of the same id, and has it run again", async () => {
    const { agent, created } = await serve();
    const first = await agent.commands.create(agentNamed("one", "aex-1"));
    await agent.commands.updateStatus({
      executionId: "aex-1",
      status: { phase: EXECUTION_COMPLETED, error: "old" },
    });
    const second = await agent.commands.create(agentNamed("one", "aex-1"));
    expect(second.status).toMatchObject({ phase: EXECUTION_PENDING, error: "" });
    expect(second.spec?.sessionId).not.toBe(first.spec?.sessionId);
    expect(await agent.queries.get({ value: "aex-1" })).toEqual(second);
    expect(created).toEqual([first, second]);
  });

  it("refuses a workflow execution by its slug, whatever its id", async () => {
    const { workflow, created } = await serve();
    await workflow.commands.create(workflowNamed("Order 1", "wex-1"));
    for (const id of ["wex-1", "wex-2", ""]) {
      await expect(workflow.commands.create(workflowNamed("order 1!", id))).rejects.toEqual(
        unknownFor("WorkflowExecution with slug 'order-1' already exists (id: wex-1)"),
      );
    }
    expect(created).toHaveLength(1);
  });
});

describe("reads of the existing services", () => {
  it("show tokens and secrets to everybody", async () => {
    const { workflow } = await serve();
    const shown = { callbackToken: token, runtimeEnv: { KEY: { value: "hunter2" } } };
    const created = await workflow.commands.create(workflowNamed("one", "wex-1"));
    const reads = [
      created,
      await workflow.queries.get({ value: "wex-1" }),
      (await workflow.queries.list({})).entries[0],
      await workflow.commands.update(created),
      await workflow.commands.updateStatus({ executionId: "wex-1", status: {} }),
    ];
    for await (const version of workflow.queries.subscribe({ executionId: "wex-1" })) {
      reads.push(version);
      break;
    }
    for (const read of reads) expect(read?.spec).toMatchObject(shown);
  });

  it("know no id that is unknown", async () => {
    const { workflow, agent } = await serve();
    for (const call of [
      workflow.queries.get({ value: "wex-1" }),
      agent.queries.get({ value: "aex-1" }),
      workflow.commands.update({ metadata: { id: "wex-1", name: "one" } }),
      agent.commands.updateStatus({ executionId: "aex-1", status: {} }),
      agent.commands.delete({ value: "aex-1" }),
    ]) {
      await expect(call).rejects.toEqual(withCode(Code.NotFound));
    }
  });

  it("list all workflow executions whatever is asked for, and no agent execution", async () => {
    const { workflow, agent } = await serve();
    for (const name of ["one", "two", "three"]) {
      await workflow.commands.create(workflowNamed(name));
      await agent.commands.create(agentNamed(name));
    }
    const request = { tags: ["b"], pageSize: 1, phase: EXECUTION_FAILED };
    expect((await workflow.queries.list(request)).entries).toHaveLength(3);
    expect((await agent.queries.list({ tags: ["a"] })).entries).toEqual([]);
    await expect(workflow.queries.listByWorkflow({ workflowId: "wfl-1" })).rejects.toEqual(
      withCode(Code.Unimplemented),
    );
  });

  it("follow an execution from its current state until it has ended", async () => {
    const { agent } = await serve();
    await agent.commands.create(agentNamed("one", "aex-1"));
    const executionId = "aex-1";
    const phases: (number | undefined)[] = [];
    for await (const { status } of agent.queries.subscribe({ value: executionId })) {
      phases.push(status?.phase);
      const phase = (status?.phase ?? 0) + 1;
      await agent.commands.updateStatus({ executionId, status: { phase } });
    }
    expect(phases).toEqual([EXECUTION_PENDING, EXECUTION_IN_PROGRESS, EXECUTION_COMPLETED]);
  });

  it("find nothing any more after a deletion", async () => {
    const { workflow } = await serve();
    const created = await workflow.commands.create(workflowNamed("one", "wex-1"));
    expect(await workflow.commands.delete({ value: "wex-1" })).toEqual(created);
    await expect(workflow.queries.get({ value: "wex-1" })).rejects.toEqual(withCode(Code.NotFound));
  });
});

describe("update of the existing services", () => {
  it("replaces all but id, slug, org and status", async () => {
    const { workflow, updates } = await serve();
    await workflow.commands.create(workflowNamed("one", "wex-1"));
    const status = { phase: EXECUTION_COMPLETED, error: "kept" };
    await workflow.commands.updateStatus({ executionId: "wex-1", status });
    const updated = await workflow.commands.update({
      metadata: { id: "wex-1", name: "two", slug: "two", org: "mall", labels: { b: "2" } },
      spec: { workflowId: "wfl-2" },
      status: { phase: EXECUTION_PENDING, error: "ignored" },
    });
    expect(updated.metadata).toMatchObject({ name: "two", slug: "one", org: "shop", tags: [] });
    expect(updated.metadata?.labels).toEqual({ b: "2" });
    expect(updated.spec).toMatchObject({ workflowId: "wfl-2", workflowInstanceId: "" });
    expect(updated.spec?.callbackToken).toHaveLength(0);
    expect(updated.status).toMatchObject(status);
    expect(await workflow.queries.get({ value: "wex-1" })).toEqual(updated);
    expect(updates()).toBe(1);
  });
});

describe("updateStatus of the existing services", () => {
  it("takes what the status says and keeps what it leaves empty", async () => {
    const { workflow } = await serve();
    await workflow.commands.create(workflowNamed("one", "wex-1"));
    const report = async (status: object) =>
      (await workflow.commands.updateStatus({ executionId: "wex-1", status })).status;
    const first = {
      phase: EXECUTION_FAILED,
      error: "out of stock",
      tasks: [{ taskId: "a" }, { taskId: "b" }],
      output: { a: 1 },
      startedAt: "2026-01-02T03:04:05.678901",
    };
    expect(await report(first)).toMatchObject(first);
    expect(await report({})).toMatchObject(first);
    const second = { tasks: [{ taskId: "c" }], output: { b: 2 }, phase: EXECUTION_IN_PROGRESS };
    const merged = await report(second);
    expect(merged).toMatchObject({ ...first, ...second });
    expect(merged?.output).toEqual({ b: 2 });
  });

  it("replaces maps that are not empty", async () => {
    const { agent } = await serve();
    await agent.commands.create(agentNamed("one", "aex-1"));
    const report = async (todos: Record<string, { content: string }>) =>
      (await agent.commands.updateStatus({ executionId: "aex-1", status: { todos } })).status;
    await report({ a: { content: "one" }, b: { content: "two" } });
    expect(Object.keys((await report({}))?.todos ?? {})).toEqual(["a", "b"]);
    expect(Object.keys((await report({ c: { content: "three" } }))?.todos ?? {})).toEqual(["c"]);
  });
});

describe("the port of the existing services", () => {
  it("answers the Connect protocol with 415", async () => {
    const { services } = await serve();
    const { agent } = clientsOver(
      createConnectTransport({ baseUrl: services.url, httpVersion: "2" }),
    );
    await expect(agent.queries.get({ value: "aex-1" })).rejects.toThrow("HTTP 415");
  });

  it("does not serve the runner's rpcs", async () => {
    const { transport } = await serve();
    const runner = createClient(WorkflowRunnerServiceController, transport);
    await expect(runner.executeAsync({ workflowExecutionId: "wex-1" })).rejects.toEqual(
      withCode(Code.Unimplemented),
    );
  });
});

describe("the stand-in for the existing services, killed and started again", () => {
  it("has what it had, at the same port, and takes up what was not begun", async () => {
    const { services, workflow, agent, created, calls } = await serve();
    const pending = await agent.commands.create(agentNamed("one", "aex-1"));
    const begun = await workflow.commands.create(workflowNamed("one", "wex-1"));
    const status = { phase: EXECUTION_IN_PROGRESS };
    const latest = await workflow.commands.updateStatus({ executionId: "wex-1", status });
    await workflow.commands.create(workflowNamed("two", "wex-2"));
    await workflow.commands.delete({ value: "wex-2" });
    created.length = 0;

    await services.down();
    await expect(agent.queries.get({ value: "aex-1" })).rejects.toThrow();
    await services.up();
    expect(created).toEqual([pending]);
    expect(await agent.queries.get({ value: "aex-1" })).toEqual(pending);
    expect((await workflow.queries.list({})).entries).toEqual([latest]);
    await expect(workflow.commands.create(workflowNamed("one"))).rejects.toThrow(
      `already exists (id: ${begun.metadata?.id})`,
    );
    expect(calls.filter((method) => method === "create")).toHaveLength(4);
  });

  it("breaks streams; those after that start with the current state", async () => {
    const { services, agent } = await serve();
    const { metadata } = await agent.commands.create(agentNamed("one"));
    const value = metadata?.id ?? "";
    const stream = agent.queries.subscribe({ value })[Symbol.asyncIterator]();
    await stream.next();
    const broken = expect(stream.next()).rejects.toThrow();
    await services.down();
    await broken;
    await services.up();
    for await (const { status } of agent.queries.subscribe({ value })) {
      expect(status?.phase).toBe(EXECUTION_PENDING);
      break;
    }
  });

  it("before a create has taken effect has nothing of it", async () => {
    const { services, workflow, created } = await serve();
    services.close("before create");
    const refused = expect(workflow.commands.create(workflowNamed("one"))).rejects.toThrow();
    await services.at("before create");
    await services.down();
    await refused;
    await services.up();
    expect((await workflow.queries.list({})).entries).toEqual([]);
    expect(created).toEqual([]);
  });

  it("after that, but before the answer, has it", async () => {
    const { services, workflow, created } = await serve();
    services.close("after create");
    const unanswered = expect(workflow.commands.create(workflowNamed("one"))).rejects.toThrow();
    await services.at("after create");
    await services.down();
    await unanswered;
    await services.up();
    const { entries } = await workflow.queries.list({});
    expect(entries).toHaveLength(1);
    // Told of once when it was created, and once when it was found.
    expect(created).toEqual([entries[0], entries[0]]);
  });

  it("many times, in whatever it is doing, has all that it has answered", async () => {
    const { services, agent } = await serve();
    const answered: Execution[] = [];
    for (let round = 0; round < 5; round++) {
      let isDown = false;
      const createOn = async (): Promise<void> => {
        while (!isDown) {
          const created = await agent.commands.create(agentNamed("one")).catch(() => undefined);
          if (created) answered.push(created);
        }
      };
      const creating = Array.from({ length: 4 }, createOn);
      await vi.waitUntil(() => answered.length > round * 20, { timeout: 10_000 });
      await services.down();
      isDown = true;
      await Promise.all(creating);
      await services.up();
    }
    for (const execution of answered) {
      const value = execution.metadata?.id ?? "";
      expect(await agent.queries.get({ value })).toEqual(execution);
    }
  });
});

describe("a journal of the existing services", () => {
  it("whose last line was not written to its end has all lines before that", async () => {
    const folder = await mkdtemp(join(tmpdir(), "stigmer-journal-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, "executions.jsonl");
    const write = openJournal(path).writer(agentKind);
    const [one, two] = ["one", "two"].map((name) => create(AgentExecutionSchema, agentNamed(name)));
    write("aex-1", one);
    await appendFile(path, (await readFile(path, "utf8")).slice(0, 40));
    expect([...openJournal(path).read(agentKind)]).toEqual([["aex-1", one]]);
    openJournal(path).writer(agentKind)("aex-2", two);
    expect([...openJournal(path).read(agentKind).keys()]).toEqual(["aex-1", "aex-2"]);
  });
});

describe("an answer of the existing services that is lost", () => {
  it.each(["create", "get"])("to %s has taken effect", async (method) => {
    const { services, agent, calls } = await serve();
    services.loseAnswer(method);
    const call = () =>
      method === "get"
        ? agent.queries.get({ value: "aex-1" })
        : agent.commands.create(agentNamed("one", "aex-1"));
    const error = await call().catch((error: unknown) => error);
    expect(error).toBeInstanceOf(ConnectError);
    expect((error as ConnectError).code).not.toBe(Code.NotFound);
    expect(calls).toEqual([method]);
    // Only that answer, and not for ever.
    const found = agent.queries.get({ value: "aex-1" });
    if (method === "get") await expect(found).rejects.toEqual(withCode(Code.NotFound));
    else expect((await found).metadata?.id).toBe("aex-1");
  });
});
