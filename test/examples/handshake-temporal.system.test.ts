import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, Connection } from "@temporalio/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findSecrets } from "../find-secrets.js";
import { type Series, scrape } from "../temporal/scrape.js";
import {
  startTemporalServer,
  type TemporalServer,
  temporalAvailable,
  temporalRestartable,
} from "../temporal/server.js";
import { expectJsonLines } from "./expect-json-lines.js";
import { type Run, runHandshake } from "./run-handshake.js";

const apiKey = "sk-live-4fZ0mXq81LrTnU7w";
const limitMs = 300_000;

const expected = {
  workflow: "completed",
  agent: "completed",
  "without-token": "completed",
  failing: "failed",
  "retried-caller": "completed",
  nested: "completed",
};

const folder = mkdtempSync(join(tmpdir(), "stigmer-handshake-temporal-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A folder for what a run leaves behind. */
function newFolder(name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`expected, but not within a minute: ${what}`);
    await sleep(50);
  }
}

async function serves(address: string): Promise<boolean> {
  try {
    const connection = await Connection.connect({ address, connectTimeout: 500 });
    await connection.close();
    return true;
  } catch {
    return false;
  }
}

async function unusedAddress(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" ? `127.0.0.1:${address?.port}` : "";
}

describe.skipIf(!temporalAvailable())("npm run handshake -- --temporal ADDRESS", () => {
  let server: TemporalServer;
  let client: Client;
  let run: Run;
  let temporary: string;
  /** All that its workers have served for Prometheus while it ran. */
  const served: Series[] = [];

  beforeAll(async () => {
    server = await startTemporalServer();
    client = new Client({ connection: await Connection.connect({ address: server.address }) });
    temporary = newFolder("all");
    const addresses = {
      CALLER_METRICS_ADDRESS: await unusedAddress(),
      RUNNER_METRICS_ADDRESS: await unusedAddress(),
    };
    run = await runHandshake(["--temporal", server.address], {
      env: { STOCK_API_KEY: apiKey, TMPDIR: temporary, ...addresses },
      onStdout() {
        for (const address of Object.values(addresses)) {
          // Not when it has not started yet, or was killed.
          scrape(address).then(
            (series) => served.push(...series),
            () => {},
          );
        }
      },
    });
  }, limitMs);

  afterAll(async () => {
    await client?.connection.close();
    await server?.stop();
  });

  /** What the server has stored of a workflow. */
  async function payloadsOf(workflowId: string, runId?: string): Promise<Buffer[]> {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const payloads: Buffer[] = [];
    const collect = (value: unknown): void => {
      if (value instanceof Uint8Array) payloads.push(Buffer.from(value));
      else if (value !== null && typeof value === "object") Object.values(value).forEach(collect);
    };
    collect(history);
    return payloads;
  }

  /** The ids of the executions, which are those of the runner's workflows. */
  function executionIds(): string[] {
    return [...new Set(run.stdout.match(/\b[wa]ex-[\w-]+/g))];
  }

  function stepsOf(scenario: string): string {
    return new RegExp(`^${scenario}: [^]*?\n\n`, "m").exec(run.stdout)?.[0] ?? "";
  }

  test("ends every scenario as expected", () => {
    expect(run).toMatchObject({ code: 0, stderr: "" });
    for (const [scenario, outcome] of Object.entries(expected)) {
      expect(run.stdout).toMatch(new RegExp(`^${scenario} +${outcome} +[1-9]\\d* +\\d+$`, "m"));
    }
  });

  test("counts what its workers do, at the addresses that it is given", () => {
    for (const [name, labels] of [
      ["stigmer_handshakes_total", { execution_kind: "agent", result: "started" }],
      [
        "stigmer_reports_total",
        { execution_kind: "agent", outcome: "completed", result: "reported" },
      ],
      ["stigmer_execution_age_seconds_count", { execution_kind: "agent", outcome: "completed" }],
    ] as const) {
      const series = { name, labels: expect.objectContaining(labels), value: 1 };
      expect(served).toContainEqual(series);
    }
  });

  test("shows neither a token nor a secret", async () => {
    const tokens: Buffer[] = [];
    for (const id of executionIds()) {
      for (const payload of await payloadsOf(id)) {
        const token = /"(?:CallbackToken|callbackToken)":"([^"]+)"/.exec(payload.toString())?.[1];
        if (token) tokens.push(Buffer.from(token, "base64"));
      }
    }
    // Of each scenario one, but two of the nested one and none of the one without.
    expect(tokens).toHaveLength(6);
    expect(findSecrets(run.stdout + run.stderr, [apiKey])).toEqual([]);
    // A token has the ids of its workflow and its run in it, and these may be shown.
    const found = findSecrets(run.stdout + run.stderr, tokens);
    expect(found.filter((secret) => !secret.endsWith(" as text"))).toEqual([]);
    expect(run.stdout).toMatch(/token \d+ bytes, sha256:[0-9a-f]{8}/);
  });

  test("leaves no secret in Temporal's history, neither of callers nor of runners", async () => {
    const ids = executionIds();
    const stored = await Promise.all(ids.map((id) => payloadsOf(id)));
    // The default id of an execution starts with the run of its caller.
    for await (const { workflowId, runId } of client.workflow.list()) {
      if (ids.some((id) => id.includes(runId))) stored.push(await payloadsOf(workflowId, runId));
    }
    const text = stored.flat().map(String).join("\n");
    expect(text).toContain("lamp-oak-40");
    expect(text).toContain("STOCK_URL");
    expect(findSecrets(text, [apiKey])).toEqual([]);
  });

  test("kills the caller of retried-caller, whose later attempt re-arms the execution", () => {
    const steps = stepsOf("retried-caller");
    const created = /attempt 1 creates (\S+): token .* (sha256:\w+)/.exec(steps);
    const rearmed = /attempt [2-9] re-arms (\S+): token .* (sha256:\w+)/.exec(steps);
    expect(steps).toMatch(/killed while it created/);
    expect(created?.[1]).toBe(rearmed?.[1]);
    expect(created?.[2]).not.toBe(rearmed?.[2]);
  });

  test("gives each level of nested its own token, and without-token none", () => {
    const tokens = stepsOf("nested").matchAll(/creates \S+: token .* (sha256:\w+)/g);
    expect(new Set([...tokens].map(([, fingerprint]) => fingerprint)).size).toBe(2);
    expect(stepsOf("without-token")).toMatch(/resumed: completed/);
    expect(stepsOf("without-token")).not.toMatch(/token \d+ bytes/);
  });

  test("shows the token to the runner and not to a viewer", () => {
    expect(run.stdout).toMatch(/viewer {2}sees wex-\S+ with no token and no secret\n/);
  });

  test("leaves no process and no file behind, and no workflow open", async () => {
    await until("no process is left", () => !run.isAnyLeft());
    expect(readdirSync(temporary)).toEqual([]);
    expect(await openWorkflows()).toBe(0);
  });

  test(
    "prints JSON lines with --json, a summary last",
    () => expectJsonLines(["caller", "runner"], ["--temporal", server.address]),
    limitMs,
  );

  test(
    "terminates its workflows when it is interrupted, and ends its workers",
    async () => {
      const temporary = newFolder("interrupted");
      const run = await runHandshake(["--temporal", server.address, "--scenario", "workflow"], {
        env: { TMPDIR: temporary },
        onStdout: interruptAt(/creates/),
      });
      expect(run).toMatchObject({ code: 130, stderr: "" });
      expect(run.stdout).not.toMatch(/error/);
      await until("no process is left", () => !run.isAnyLeft());
      await until("no workflow is open", async () => (await openWorkflows()) === 0);
      expect(readdirSync(temporary)).toEqual([]);
    },
    limitMs,
  );

  test(
    "says so when a worker is lost, and ends the rest",
    async () => {
      const temporary = newFolder("lost");
      const run = await runHandshake(["--temporal", server.address, "--scenario", "workflow"], {
        env: { TMPDIR: temporary },
        preload: "without-caller.mjs",
      });
      expect(run).toMatchObject({ code: 1, stderr: "" });
      expect(run.stdout).toMatch(/error: .*caller-worker.* has ended: exit status 3\n/);
      await until("no process is left", () => !run.isAnyLeft());
      await until("no workflow is open", async () => (await openWorkflows()) === 0);
      expect(readdirSync(temporary)).toEqual([]);
    },
    limitMs,
  );

  async function openWorkflows(): Promise<number> {
    const types = ["checkOut", "answerCustomer", "ExecuteServerlessWorkflow", "RunAgent"];
    const query = `ExecutionStatus = "Running" AND WorkflowType IN (${types.map((type) => `"${type}"`)})`;
    return (await client.workflow.count(query)).count;
  }
});

describe.skipIf(!temporalRestartable())("npm run handshake -- --temporal", () => {
  test(
    "starts a server for its run and ends it",
    async () => {
      const temporary = newFolder("own");
      const run = await runHandshake(["--temporal", "--scenario", "failing"], {
        env: { TMPDIR: temporary },
      });
      expect(run).toMatchObject({ code: 0, stderr: "" });
      expect(run.stdout).toMatch(/^failing +failed /m);
      expect(await serves(serverIn(run))).toBe(false);
      await until("no process is left", () => !run.isAnyLeft());
      expect(readdirSync(temporary)).toEqual([]);
    },
    limitMs,
  );

  test.each([
    ["while it starts", /development server/],
    ["while a scenario runs", /creates/],
  ])(
    "ends its server when it is interrupted %s",
    async (_, at) => {
      const temporary = newFolder(`interrupted ${at.source}`);
      const run = await runHandshake(["--temporal", "--scenario", "workflow"], {
        env: { TMPDIR: temporary },
        onStdout: interruptAt(at),
      });
      expect(run).toMatchObject({ code: 130, stderr: "" });
      await until("no process is left", () => !run.isAnyLeft());
      await until("its server is gone", async () => !(await serves(serverIn(run))));
      expect(readdirSync(temporary)).toEqual([]);
    },
    limitMs,
  );

  function serverIn({ stdout }: Run): string {
    const address = /^on the development server at (\S+)$/m.exec(stdout)?.[1];
    if (address === undefined) throw new Error("expected the address of its server");
    return address;
  }
});

// Side by side, as they wait for what does not answer.
describe.concurrent("npm run handshake -- --temporal without a server", () => {
  test("says in one sentence how to get one, with exit status 2", async () => {
    const empty = newFolder("empty");
    const run = await runHandshake(["--temporal"], { env: { PATH: empty, XDG_CACHE_HOME: empty } });
    expect(run).toMatchObject({ code: 2, stdout: "" });
    expect(run.stderr).toMatch(/^handshake: .*temporal.*install.*--temporal HOST:PORT\n$/);
  });

  test.each([
    ["--temporal", "ADDRESS"],
    ["--temporal=ADDRESS", undefined],
  ])("says in one sentence that nothing answers, for %s %s", async (...args) => {
    const address = await unusedAddress();
    const run = await runHandshake(args.flatMap((arg) => arg?.replace("ADDRESS", address) ?? []));
    expect(run).toMatchObject({ code: 2, stdout: "" });
    expect(run.stderr).toMatch(new RegExp(`^handshake: .*Temporal server.* ${address}: .*\n$`));
    expect(run.stderr).not.toMatch(/^ +at /m);
  });

  test("is explained by --help", async () => {
    const run = await runHandshake(["--help"]);
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout).toMatch(/--temporal \[ADDRESS\]/);
  });
});

/** Sends Ctrl-C's signal once it has printed that. */
function interruptAt(pattern: RegExp) {
  let isSent = false;
  return (stdout: string, main: { kill(signal: "SIGINT"): boolean }) => {
    if (isSent || !pattern.test(stdout)) return;
    isSent = true;
    main.kill("SIGINT");
  };
}
