import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Connection } from "@temporalio/client";

export interface TemporalServer {
  readonly address: string;
  /** Ends the server if it was started here. */
  stop(): Promise<void>;
  /** Whether it was started here, so that nobody needs what is left in it. */
  readonly isOwn: boolean;
}

/**
 * The server at the address; for an empty one, a development server that is started here. Returns
 * why there is none instead.
 */
export async function openTemporal(address: string): Promise<TemporalServer | string> {
  if (address === "") return startDevServer();
  const problem = await problemOf(address, 5_000);
  return problem === undefined
    ? { address, isOwn: false, stop: async () => {} }
    : `expected a Temporal server with the namespace "default" at ${address}: ${problem}`;
}

async function startDevServer(): Promise<TemporalServer | string> {
  const port = await freePort();
  const child = await spawnTemporal([
    ...["server", "start-dev", "--headless", "--ip", "127.0.0.1", "--port", String(port)],
    ...["--disable-config-env", "--disable-config-file"],
  ]);
  if (child === undefined) {
    return (
      "found no `temporal` on the PATH to start a server with; install the Temporal CLI " +
      "(https://docs.temporal.io/cli), or give the address of a running server: --temporal HOST:PORT"
    );
  }
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  const server = {
    address: `127.0.0.1:${port}`,
    isOwn: true,
    async stop() {
      if (!isRunning()) return;
      const exit = once(child, "exit");
      // It keeps nothing that a slower end would save.
      child.kill("SIGKILL");
      await exit;
    },
  };
  const deadline = Date.now() + 60_000;
  for (;;) {
    const problem = await problemOf(server.address, 1_000);
    if (problem === undefined) return server;
    if (!isRunning()) return `the development server of Temporal has ended, ${child.exitCode}`;
    if (Date.now() > deadline) {
      await server.stop();
      return `the development server of Temporal does not serve: ${problem}`;
    }
    await sleep(100);
  }
}

/** The program from the PATH, or from where this repository's CI has put it; undefined without one. */
async function spawnTemporal(args: string[]): Promise<ChildProcess | undefined> {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  for (const program of ["temporal", join(cache, "stigmer-apis", "bin", "temporal")]) {
    // In a group of its own: a Ctrl-C ends this process first, which needs the server until then.
    const child = spawn(program, args, { stdio: "ignore", detached: true });
    process.once("exit", () => child.kill("SIGKILL"));
    try {
      await once(child, "spawn");
      return child;
    } catch {
      // Not here.
    }
  }
  return undefined;
}

/** Why the server at the address cannot be used; undefined when it can. */
async function problemOf(address: string, connectTimeout: number): Promise<string | undefined> {
  try {
    const connection = await Connection.connect({ address, connectTimeout });
    try {
      await connection.workflowService.describeNamespace({ namespace: "default" });
      return undefined;
    } finally {
      await connection.close();
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("expected a port");
  return address.port;
}
