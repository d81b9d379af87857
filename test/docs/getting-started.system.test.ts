import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client, Connection } from "@temporalio/client";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { findSecrets } from "../find-secrets.js";
import { findTemporal } from "../support/find-temporal.js";
import { freePort } from "../support/free-port.js";
import { temporalRestartable } from "../temporal/server.js";
import { importsOf } from "./pages/page.js";
import { peersOf } from "./pages/peers.js";
import { type Step, stepsOf } from "./walkthrough/page.js";
import { type Registry, registryAvailable, startRegistry } from "./walkthrough/registry.js";
import { openTerminal, type Terminal } from "./walkthrough/terminal.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = readFileSync(join(root, "docs/getting-started.md"), "utf8");
const steps = stepsOf(page);
const limitMs = 400_000;

describe("docs/getting-started.md", () => {
  const written = steps.filter((step) => step.kind === "write");
  const typed = steps.filter((step) => step.kind === "type");

  test("has each file once", () => {
    const paths = written.map(({ path }) => path);
    expect(paths).toHaveLength(10);
    expect(new Set(paths).size).toBe(paths.length);
  });

  test("installs what its files import, and no more", () => {
    const code = written.map(({ text }) => text).join("\n");
    const packages = [...importsOf(code), ...peersOf(code)];
    const install = /^npm install (@.+)$/m.exec(typed[0]?.text ?? "")?.[1] ?? "";
    expect(install.split(" ").sort()).toEqual([...new Set(packages)].sort());
  });

  test("shows one result", () => {
    expect(typed.flatMap(({ prints }) => prints ?? [])).toEqual(["parcel P-A-1001\n"]);
  });
});

describe.skipIf(!temporalRestartable() || !registryAvailable())("a reader of it", () => {
  const terminals: Terminal[] = [];
  let folder: string;
  let registry: Registry;
  let env: NodeJS.ProcessEnv;
  let project = "";
  const outputs: [expected: string, actual: string][] = [];

  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "stigmer-getting-started-")));
    const [machine, start] = [join(folder, "machine"), join(folder, "empty")];
    for (const made of [machine, start]) mkdirSync(made);
    registry = await startRegistry(machine);
    const [temporal, ui, service] = [await freePort(), await freePort(), await freePort()];
    installTemporal(machine, `--port ${temporal} --ui-port ${ui}`);
    env = {
      ...environment(machine),
      ...registry.env,
      TEMPORAL_ADDRESS: `127.0.0.1:${temporal}`,
      SERVICE_URL: `http://localhost:${service}`,
    };
    project = start;
    for (const step of steps) await follow(step);
  }, limitMs);

  afterAll(async () => {
    for (const { kill } of terminals) kill();
    await Promise.all(terminals.map(({ ended }) => ended));
    await registry?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  async function follow(step: Step): Promise<void> {
    if (step.kind === "write") {
      const path = join(project, step.path);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, step.text);
    } else if (step.kind === "type") {
      await type(step.text, step.prints);
    } else {
      for (const line of step.lines) {
        const terminal = openTerminal(line, project, env);
        terminals.push(terminal);
        if (step.isAwaited) await terminal.until(/^Server: +\S+:\d+$/m);
      }
    }
  }

  async function type(text: string, prints: string | undefined): Promise<void> {
    // A shell goes on in the folder that it was left in.
    const left = join(folder, "left-in");
    const terminal = openTerminal(`${text}\npwd >'${left}'`, project, env);
    terminals.push(terminal);
    const lost = terminals
      .filter(({ command }) => command.startsWith("node "))
      .map(async ({ command, ended, printed }) => {
        await ended;
        throw new Error(`${command} has ended:\n${printed()}`);
      });
    const { code, stdout } = await Promise.race([terminal.ended, ...lost]);
    if (code !== 0) throw new Error(`${text}exit status ${code}\n${terminal.printed()}`);
    if (prints !== undefined) outputs.push([prints, stdout]);
    project = readFileSync(left, "utf8").trimEnd();
  }

  test("gets the result that it shows", () => {
    expect(outputs).toHaveLength(1);
    for (const [expected, actual] of outputs) expect(actual).toBe(expected);
  });

  test("finds the two workflows that it names, and no token or key in any terminal", async () => {
    const connection = await Connection.connect({ address: env.TEMPORAL_ADDRESS as string });
    const { workflow } = new Client({ connection });
    // The server lists a workflow a moment after it has started.
    const runId = await vi.waitFor(async () => {
      const ids: string[] = [];
      for await (const { workflowId } of workflow.list()) ids.push(workflowId);
      const runId = ids.find((id) => id.startsWith("wex-")) ?? "";
      expect(ids.sort()).toEqual(["order-A-1001", runId].sort());
      return runId;
    }, 30_000);

    const { events } = await workflow.getHandle(runId).fetchHistory();
    const input = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0]?.data;
    const token = JSON.parse(Buffer.from(input ?? []).toString()).CallbackToken as string;
    await connection.close();

    const [, key = ""] = /^RUNNER_KEY=(\S{36})\n$/.exec(read(".env")) ?? [];
    // The runner says so a moment after its caller has the result.
    const printed = await vi.waitFor(() => {
      const all = terminals.map((terminal) => terminal.printed()).join("\n");
      expect(all).toContain("reported to the waiting activity");
      return all;
    }, 30_000);
    expect(findSecrets(printed, [key])).toEqual([]);
    // A token has the ids of its workflow and its run in it, and these may be shown.
    const found = findSecrets(printed, [Buffer.from(token, "base64")]);
    expect(found.filter((secret) => !secret.endsWith(" as text"))).toEqual([]);
  });

  test("ends each program with Ctrl-C", async () => {
    const programs = terminals.filter(({ command }) => /^(?:node|temporal) \S+/.test(command));
    expect(programs.length).toBeGreaterThanOrEqual(4);
    // The workers before their server.
    for (const { interrupt, ended } of programs.reverse()) {
      interrupt();
      await ended;
    }
  });

  function read(path: string): string {
    return readFileSync(join(project, path), "utf8");
  }
});

/** The environment of somebody's terminal, without what npm's scripts and this test's runner add. */
function environment(bin: string): NodeJS.ProcessEnv {
  const kept = /^npm_config_(?:registry|cafile|https?_proxy|proxy)$/i;
  const added = /^(?:npm_|VITEST|NODE_(?:ENV|OPTIONS|PATH)$|INIT_CWD$|TEST$)/i;
  const entries = Object.entries(process.env).filter(
    ([name]) => kept.test(name) || !added.test(name),
  );
  const env = Object.fromEntries(entries);
  const folders = (env.PATH ?? "").split(delimiter);
  const path = [bin, ...folders.filter((folder) => !folder.includes("node_modules"))];
  return { ...env, PATH: path.join(delimiter) };
}

/** Puts the `temporal` of this machine into a folder, with these ports in place of its usual ones. */
function installTemporal(folder: string, ports: string): void {
  const binary = findTemporal();
  const program = join(folder, "temporal");
  if (binary === undefined) throw new Error("expected a Temporal server");
  writeFileSync(program, `#!/bin/sh\nexec '${binary}' "$@" ${ports}\n`);
  chmodSync(program, 0o755);
}
