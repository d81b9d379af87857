import { setTimeout as sleep } from "node:timers/promises";
import { createRandom } from "../../../bench/fixtures/random.js";
import type { ExistingServices } from "../existing-services/start-existing-services.js";
import type { TemporalServer } from "../server.js";
import type { WorkerProcess, World } from "../world/world.js";

type Role = "caller" | "runner";

export interface Kill {
  readonly victim: Role | "server" | "service";
  /** The gate that it was killed at; none for any moment. */
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

// Where a kill may find a worker or the execution service: anywhere, or in the middle of a step of
// the handshake.
const gates: Record<Role | "service", readonly string[]> = {
  caller: ["before create", "after create", "before update", "after update"],
  runner: ["before updateStatus", "after updateStatus", "before complete", "after complete"],
  service: ["before create", "after create", "after create", "after update", "after updateStatus"],
};

/**
 * Runs workers for a world, and kills and starts again, at random, them, the server and the execution
 * service, when that is a process of its own.
 */
export async function startKiller(
  world: World,
  server: TemporalServer,
  { seed, valuesPath }: { seed: number; valuesPath: string },
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
        const worker = await world.startWorker(role, { valuesPath });
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
    const reached = await reach(worker, gate);
    await worker.kill();
    kills.push({ victim: slot.role, gate: reached, at: performance.now() });
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

  async function killService(
    service: ExistingServices,
    gate = random.pick([undefined, ...gates.service]),
  ): Promise<void> {
    const downMs = random.integer(2_000);
    const reached = await reach(service, gate);
    await service.down();
    kills.push({ victim: "service", gate: reached, at: performance.now() });
    await sleep(downMs);
    await service.up();
  }

  async function killAll(): Promise<void> {
    const { existingServices } = world;
    // Once in each soak, an answer to create is lost for certain.
    if (existingServices) await killService(existingServices, "after create");
    while (!stopping.signal.aborted) {
      await sleep(200 + random.integer(2_000), undefined, { signal: stopping.signal }).catch(
        () => {},
      );
      if (stopping.signal.aborted) return;
      const draw = random.integer(8);
      if (draw === 0) await killServer();
      else if (draw <= 2 && existingServices) await killService(existingServices);
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

/** Waits a while for the victim at the gate, if there is one. Resolves with the gate if it came. */
async function reach(
  victim: Pick<ExistingServices, "close" | "at">,
  gate: string | undefined,
): Promise<string | undefined> {
  if (!gate) return undefined;
  victim.close(gate);
  const reached = victim.at(gate).then(
    () => gate,
    () => undefined,
  );
  return Promise.race([reached, sleep(3_000).then(() => undefined)]);
}
