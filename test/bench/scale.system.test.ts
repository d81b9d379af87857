// Next to nothing is opened: this shows that the bench works. What a heartbeat costs is the same for any
// number, and docs/operating.md has the table of it. To write that anew: npm run derive -- heartbeats

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import type { Report } from "../../bench/harness/report.js";
import { isDeriving, readSection, writeSection } from "../../scripts/derive/sections.js";
import { temporalAvailable } from "../temporal/server.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

it("says how many handshakes are wanted", () => {
  const { status, stderr } = bench("scale", "--open", "many");
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: 'bench: expected --open with a whole number above 0; got "many"\n',
  });
});

it.skipIf(!temporalAvailable())(
  "keeps handshakes open while all workers are killed, beside other ways to wait",
  { timeout: 300_000 },
  () => {
    const { status, stdout, stderr } = bench("scale", "--quick", "--json");
    expect(status, stderr).toBe(0);
    const { groups, checked }: Report = JSON.parse(stdout).parts.scale;
    expect(checked).toHaveLength(2);
    const ways = { "async by hand": expect.any(Number), "polling by hand": expect.any(Number) };
    const valuesOf = (name: string): Record<string, number> => {
      const rows = groups.find((group) => group.name === name)?.rows ?? [];
      return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
    };
    for (const { name } of groups.filter(({ ratio }) => ratio?.endsWith("by hand"))) {
      expect(valuesOf(name), name).toEqual({
        ...ways,
        Nexus: expect.any(Number),
        ours: expect.any(Number),
      });
    }

    const whileOpen = valuesOf("calls a minute while open: execution service");
    expect(whileOpen.ours).toBe(0);
    expect(whileOpen["polling by hand"]).toBeGreaterThan(0);
    const events = valuesOf("events of a history: caller");
    expect(events.ours).toBe(events["async by hand"]);

    const table = heartbeatTable(valuesOf("calls of a heartbeat, ours"));
    if (isDeriving) return writeSection("heartbeats", table);
    const advice = "`npm run derive -- heartbeats` writes the table anew";
    expect(readSection("heartbeats"), advice).toBe(table);
  },
);

function bench(...args: string[]) {
  return spawnSync(process.execPath, ["bench/main.js", ...args], { cwd: root, encoding: "utf8" });
}

/** What 10,000 open handshakes cost. A call that the count has cut in two is a whole one. */
function heartbeatTable(callsOfBeat: Readonly<Record<string, number>>): string {
  const servers = ["caller's server", "runner's server", "execution service"];
  const heads = ["`heartbeatInterval`", "`heartbeatTimeout`", ...servers];
  const rows = [
    { seconds: 10, interval: "10 seconds, the default", timeout: "1 minute, the default" },
    { seconds: 30, interval: "30 seconds", timeout: "3 minutes" },
    { seconds: 60, interval: "1 minute", timeout: "6 minutes" },
    { seconds: 300, interval: "5 minutes", timeout: "30 minutes" },
  ].map(({ seconds, interval, timeout }) => [
    interval,
    timeout,
    ...servers.map((server) => {
      const perSecond = (10_000 * Math.round(callsOfBeat[server] ?? Number.NaN)) / seconds;
      return perSecond === 0 ? "none" : `${Math.round(perSecond).toLocaleString("en")} a second`;
    }),
  ]);
  const ruler = heads.map((_, column) => (column < 2 ? "---" : "--:"));
  return [heads, ruler, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
