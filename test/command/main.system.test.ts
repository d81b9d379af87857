import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readPage } from "../docs/pages/page.js";
import { envOfReader, openProjects, type Projects } from "../docs/pages/project.js";
import { freePort } from "../support/free-port.js";
import { startTemporalServer, type TemporalServer, temporalAvailable } from "../temporal/server.js";

const temporal = ["@temporalio/client", "@temporalio/common"];
const all = [...temporal, "@connectrpc/connect", "@connectrpc/connect-node"];

let projects: Projects;
const installed = new Map<string, string>();
beforeAll(() => {
  projects = openProjects();
});
afterAll(() => projects?.remove());

/** Calls it in a project that has these packages. */
async function call(args: string[], packages = all, env: NodeJS.ProcessEnv = {}) {
  const key = packages.join();
  const cwd = installed.get(key) ?? projects.install(["@stigmer/apis", ...packages]);
  installed.set(key, cwd);
  const child = spawn("node_modules/.bin/stigmer-handshakes", args, {
    cwd,
    env: { ...envOfReader(), TEMPORAL_ADDRESS: "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { status, stdout, stderr };
}

// Side by side, as one waits for what does not answer.
describe.concurrent("stigmer-handshakes", () => {
  test("describes its flags, which are those of the page", async () => {
    const { status, stdout, stderr } = await call(["--help"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const flagsIn = (text: string) => [...new Set(text.match(/--[a-z]+(?:-[a-z]+)*/g))].sort();
    const rows = readPage("docs/open-handshakes.md").text.match(/^\| `--.*\|$/gm) ?? [];
    expect(flagsIn(stdout)).toEqual([...flagsIn(rows.join()), "--help"].sort());
  });

  test("says which flag it does not take, in a line", async () => {
    const { status, stdout, stderr } = await call(["--api-key", "secret"]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(/^stigmer-handshakes: Unknown option '--api-key'.*\n$/);
  });

  test("says which package is missing", async () => {
    expect(await call([], [])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(
        /^stigmer-handshakes: @temporalio\/\w+ is not installed; it needs @temporalio\/client .*\n$/,
      ),
    });
  });

  test("says that Temporal cannot be reached", async () => {
    const address = `127.0.0.1:${await freePort()}`;
    const { status, stdout, stderr } = await call(["--address", address]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(/^stigmer-handshakes: Temporal at .*: Failed to connect.*\n$/);
    expect(stderr).toContain(address);
  });
});

describe.skipIf(!temporalAvailable())("stigmer-handshakes on a server", () => {
  let server: TemporalServer;
  let env: NodeJS.ProcessEnv;
  beforeAll(async () => {
    server = await startTemporalServer();
    env = { TEMPORAL_ADDRESS: server.address };
  });
  afterAll(() => server?.stop());

  test("needs nothing of Connect without a service", async () => {
    const { status, stdout, stderr } = await call([], temporal, env);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^WAITING .*\n0 open\n$/);
    const service = ["--service", "http://127.0.0.1:1"];
    expect(await call(service, temporal, env)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/: @connectrpc\/connect(-node)? is not installed;/),
    });
  });

  test("says what Temporal does not take", async () => {
    const { status, stderr } = await call(["--query", "Nonsense = 1"], all, env);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^stigmer-handshakes: .*Nonsense.*\n$/);
    expect(await call(["--namespace", "nobodys"], all, env)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/nobodys/),
    });
  });
});
