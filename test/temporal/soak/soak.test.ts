import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startTemporalServer, temporalRestartable } from "../server.js";
import { serviceNames } from "../world/service.js";
import { startWorld } from "../world/world.js";
import { accountOf } from "./account.js";
import { balanceOf } from "./balance.js";
import { type Killer, startKiller } from "./kills.js";
import { drawHandshakes } from "./plans.js";
import { reportsOf } from "./reports-of.js";
import { type HandshakeEnd, runHandshake } from "./run-handshake.js";
import { untilNobodyWaits } from "./until-nobody-waits.js";
import { readValues } from "./values.js";

const seed = Number(process.env.SOAK_SEED ?? Date.now() % 2 ** 31);
const count = Number(process.env.SOAK ?? 60);
const atATime = 20;

describe.skipIf(!temporalRestartable()).each(serviceNames)("a soak (%s service)", (service) => {
  const share = drawHandshakes(seed, count).filter(
    (_, index) => index % serviceNames.length === serviceNames.indexOf(service),
  );

  it(
    `gives ${share.length} callers the right result, and each one execution, whoever is killed meanwhile`,
    async () => {
      console.log(
        `soak: SOAK=${count} SOAK_SEED=${seed}, ${share.length} with the ${service} service`,
      );
      const server = await startTemporalServer();
      const world = await startWorld(server.address, "default", { service });
      const folder = await mkdtemp(join(tmpdir(), "stigmer-soak-"));
      const valuesPath = join(folder, "values");
      await writeFile(valuesPath, "");
      let killer: Killer | undefined;
      try {
        killer = await startKiller(world, server, { seed: seed + 1, valuesPath });
        const startedAt = performance.now();
        const queue = [...share];
        const ends: HandshakeEnd[] = [];
        const runSome = async () => {
          for (let next = queue.shift(); next; next = queue.shift()) {
            ends.push(await runHandshake(world, next));
          }
        };
        await Promise.all(Array.from({ length: atATime }, runSome));
        const endedAt = performance.now();
        await killer.stop();
        await untilNobodyWaits(world);
        const quietAt = performance.now();

        const { created, runnerClient } = world;
        const reports = created.map(({ metadata }) => reportsOf(runnerClient, metadata?.id ?? ""));
        const balance = balanceOf({
          values: await readValues(valuesPath),
          created,
          reports: (await Promise.all(reports)).flat(),
          droppedInLogs:
            killer.output().split("no activity waits for this report; dropped").length - 1,
          mayLoseAnswers: world.existingServices !== undefined,
        });
        const problems = (await Promise.all(ends.map((end) => end.problems()))).flat();
        problems.push(...balance.problems);
        console.log(
          await accountOf({ world, killer, ends, balance, problems, startedAt, endedAt, quietAt }),
        );
        expect(problems).toEqual([]);
        expect(ends).toHaveLength(share.length);
      } finally {
        await killer?.stop().catch(() => {});
        await world.stop();
        await server.stop();
        await rm(folder, { recursive: true, force: true });
      }
    },
    20 * 60_000,
  );
});
