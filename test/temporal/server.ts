import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Connection } from "@temporalio/client";
import { findTemporal, temporalFolder } from "../support/find-temporal.js";
import { freePort } from "../support/free-port.js";

const readyWithinMs = 60_000;

/** A Temporal server with the namespace `default`. */
export interface TemporalServer {
  /** Host and port; the same for as long as the server lives, also after a `kill` and a `start`. */
  readonly address: string;
  /** Ends the server at once (SIGKILL), as a crash would. What it has stored stays. */
  kill(): Promise<void>;
  /** Starts a killed server again, on the same port and with what it had stored. */
  start(): Promise<void>;
  /** Ends the server and removes what it has stored. */
  stop(): Promise<void>;
}

/**
 * Whether `startTemporalServer` finds a server: `describe.skipIf(!temporalAvailable())`. Says so in
 * one line when there is none.
 *
 * Throws in CI (`CI=true`), where nothing may be skipped.
 */
export function temporalAvailable(): boolean {
  if (process.env.TEMPORAL_ADDRESS || findTemporal() !== undefined) return true;
  if (process.env.CI === "true") throw new Error(missing);
  console.log(`skipped: ${missing}`);
  return false;
}

const missing =
  "no Temporal server: set TEMPORAL_ADDRESS, or put `temporal` on the PATH or into the folder " +
  temporalFolder();

/** Whether `kill` and `start` work: not for a server that others run (TEMPORAL_ADDRESS). */
export function temporalRestartable(): boolean {
  return temporalAvailable() && !process.env.TEMPORAL_ADDRESS;
}

/**
 * The server at TEMPORAL_ADDRESS, which is left running, or a new development server, from the
 * `temporal` on the PATH or in the cache folder. Resolves when it serves its namespace.
 *
 * @param settings Of a new server: its dynamic configuration, each as `key=value`.
 */
export async function startTemporalServer(...settings: string[]): Promise<TemporalServer> {
  const given = process.env.TEMPORAL_ADDRESS;
  if (given) return serverOfOthers(given);
  const binary = findTemporal();
  if (binary === undefined) throw new Error(missing);

  const folder = await mkdtemp(join(tmpdir(), "stigmer-temporal-"));
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    if (child) return;
    for (let attempt = 1; ; attempt++) {
      child = spawnServer(binary as string, port, join(folder, "temporal.db"), settings);
      try {
        await untilReady(address, child);
        return;
      } catch (error) {
        const { exitCode } = child;
        await kill();
        // It ends by itself when a port that it has found free is taken before it listens there.
        if (exitCode === null || attempt === 5) throw error;
      }
    }
  }

  async function kill(): Promise<void> {
    const ended = child;
    child = undefined;
    if (ended === undefined || hasEnded(ended)) return;
    const exit = once(ended, "exit");
    ended.kill("SIGKILL");
    await exit;
  }

  async function stop(): Promise<void> {
    await kill();
    await rm(folder, { recursive: true, force: true });
  }

  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { address, kill, start, stop };
}

async function serverOfOthers(address: string): Promise<TemporalServer> {
  const refuse = async () => {
    throw new Error("the server at TEMPORAL_ADDRESS is not ours to kill or to start");
  };
  await untilReady(address);
  return { address, kill: refuse, start: refuse, stop: async () => {} };
}

function spawnServer(
  binary: string,
  port: number,
  database: string,
  settings: readonly string[],
): ChildProcess {
  const child = spawn(
    binary,
    [
      ...["server", "start-dev", "--headless", "--ip", "127.0.0.1", "--port", String(port)],
      ...["--db-filename", database, "--log-level", "error"],
      // The machine does not crash, only the server: what it has written is there without a sync to
      // the disk, which it would wait for with every step of every workflow.
      ...["--sqlite-pragma", "synchronous=OFF"],
      ...["--disable-config-env", "--disable-config-file"],
      ...settings.flatMap((setting) => ["--dynamic-config-value", setting]),
    ],
    { stdio: "ignore" },
  );
  // A test that crashes leaves no server behind.
  const endWithUs = () => child.kill("SIGKILL");
  process.once("exit", endWithUs);
  child.once("exit", () => process.removeListener("exit", endWithUs));
  child.once("error", () => {});
  return child;
}

async function untilReady(address: string, child?: ChildProcess): Promise<void> {
  const deadline = Date.now() + readyWithinMs;
  for (;;) {
    if (child && hasEnded(child)) {
      throw new Error(`the Temporal server ended before it served, exit code ${child.exitCode}`);
    }
    try {
      const connection = await Connection.connect({ address, connectTimeout: 1_000 });
      try {
        await connection.workflowService.describeNamespace({ namespace: "default" });
        return;
      } finally {
        await connection.close();
      }
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(100);
    }
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}
