import { setTimeout as sleep } from "node:timers/promises";
import { createRandom } from "../../../bench/fixtures/random.js";
import type { TemporalServer } from "../server.js";
import type { WorkerProcess, World } from "../world/world.js";

type Role = "caller" | "runner";

export interface Kill {
  readonly victim: Role | "server";
  /** The gate of the worker that it was killed at; none for any moment. */
  readonly gate?: string | undefined;
  /** When, as `performance.now()` tells it. */
  readonly at: number;
}

export interface Killer {
  readonly kills: readonly Kill[];
  /** What all workers have printed, the dead ones too. */
  output(): string;
  /** Kills nobody any more; whoever is dead is started again. Throws what went wrong before. */
  stop(): Promise<void>;
}

const workersOfARole = 2;

// Where a kill may find a worker: anywhere, or in the middle of a step of the handshake.
const gates: Record<Role, readonly string[]> = {
  caller: ["before create", "after create", "before update", "after update"],
  runner: ["before updateStatus", "after updateStatus", "before complete", "after complete"],
};

/** Runs workers for a world, and kills and starts again, at random, them and the server. */
export async function startKiller(
  world: World,
  server: TemporalServer,
  seed: number,
): Promise<Killer> {
  const random = createRandom(seed);
  const kills: Kill[] = [];
  const stopping = new AbortController();
  const workers: WorkerProcess[] = [];
  const slots = await Promise.all(
    (["caller", "runner"] as const).flatMap((role) =>
      Array.from({ length: workersOfARole }, async () => {
        const slot = { role, worker: startAnyway(role) };
        await slot.worker;
        return slot;
      }),
    ),
  );

  /** A worker that cannot start while the server is away starts when it is back. */
  async function startAnyway(role: Role): Promise<WorkerProcess> {
    for (let attempt = 1; ; attempt++) {
      try {
        const worker = await world.startWorker(role);
        workers.push(worker);
        return worker;
      } catch (error) {
        if (attempt === 20) throw error;
      }
    }
  }

  async function killWorker(): Promise<void> {
    const slot = random.pick(slots);
    const gate = random.pick([undefined, ...gates[slot.role]]);
    const worker = await slot.worker;
    let isThere = false;
    if (gate) {
      worker.close(gate);
      const reached = worker.at(gate).then(
        () => true,
        () => false,
      );
      isThere = await Promise.race([reached, sleep(3_000).then(() => false)]);
    }
    await worker.kill();
    kills.push({ victim: slot.role, gate: isThere ? gate : undefined, at: performance.now() });
    slot.worker = startAnyway(slot.role);
    slot.worker.catch(() => {});
  }

  async function killServer(): Promise<void> {
    const downMs = random.integer(2_000);
    await server.kill();
    kills.push({ victim: "server", at: performance.now() });
    await sleep(downMs);
    await server.start();
  }

  async function killAll(): Promise<void> {
    while (!stopping.signal.aborted) {
      await sleep(200 + random.integer(2_000), undefined, { signal: stopping.signal }).catch(
        () => {},
      );
      if (stopping.signal.aborted) return;
      if (random.integer(8) === 0) await killServer();
      else await killWorker();
    }
  }
  const killing = killAll();
  killing.catch(() => {});

  return {
    kills,
    output: () => workers.map((worker) => worker.output()).join(""),
    async stop() {
      stopping.abort();
      await killing;
      await Promise.all(slots.map(({ worker }) => worker));
    },
  };
}
