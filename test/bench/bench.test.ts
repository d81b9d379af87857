import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import type { Report } from "../../bench/harness/report.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Results {
  readonly machine: Record<string, unknown>;
  readonly parts: Record<string, Report>;
}

function bench(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["bench/main.js", ...args], {
    cwd: root,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

// How fast anything is depends on the machine and on what else it does, so that no test says it.
it("prints what the parts have measured, and checked before, as JSON", () => {
  const names = ["wire", "redaction", "guard", "size", "import"];
  const { status, stdout, stderr } = bench(...names, "--quick", "--json");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const { machine, parts }: Results = JSON.parse(stdout);
  expect(machine).toEqual({
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    cpu: expect.any(String),
    cores: expect.any(Number),
  });
  expect(Object.keys(parts)).toEqual(names);
  for (const part of ["wire", "redaction", "guard"]) expect(parts[part]?.checked).not.toEqual([]);

  for (const [part, { groups }] of Object.entries(parts)) {
    const rows = groups.flatMap(({ rows }) => rows);
    expect(rows.length, part).toBeGreaterThan(2);
    for (const { name, value, ratio = 1 } of rows) {
      expect(value, `${part}: ${name}`).toSatisfy(Number.isFinite);
      expect(ratio, `${part}: ${name}`).toSatisfy(Number.isFinite);
    }
  }
});

it("prints one part alone, as a table with the goals", () => {
  const { status, stdout } = bench("size");
  expect(status).toBe(0);
  expect(stdout).toMatch(/@stigmer\/apis\/wire +[\d,]+ bytes +at most 1,500 bytes/);
  expect(stdout).not.toContain("peek");
});

it("says which parts there are when asked for another", () => {
  expect(bench("wires")).toEqual({
    status: 2,
    stdout: "",
    stderr:
      'bench: expected a part of wire, redaction, guard, temporal, scale, size, import, buf-plugin; got "wires"\n',
  });
});
