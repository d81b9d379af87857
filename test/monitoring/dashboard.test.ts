import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Panel } from "@grafana/schema";
import { describe, expect, test } from "vitest";
import { asQueried, dashboard, panels, targets, text } from "./dashboard.js";
import { prometheusAvailable, promtool } from "./prometheus.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** In a folder of this checkout, from which packages are found. */
function inFolder<T>(run: (folder: string) => T): T {
  mkdirSync(join(root, "build"), { recursive: true });
  const folder = mkdtempSync(join(root, "build/dashboard-"));
  try {
    return run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("the dashboard", () => {
  test("has the types of Grafana's schema", () => {
    const types = `
import type { Dashboard, Panel, RowPanel } from "@grafana/schema";
import type { Options } from "@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen";

// In JSON, an enum is one of its texts.
type Json<T> = T extends string
  ? \`\${T}\`
  : T extends number | boolean | null | undefined
    ? T
    : T extends readonly (infer U)[]
      ? Json<U>[]
      : T extends object
        ? { [K in keyof T]: Json<T[K]> }
        : T;
type TimeSeries = Omit<Panel, "type" | "options"> & { type: "timeseries"; options: Options };
type Typed = Omit<Dashboard, "panels"> & { panels: (TimeSeries | RowPanel)[] };

export const dashboard: Json<Typed> = ${text};
`;
    inFolder((folder) => {
      writeFileSync(join(folder, "dashboard.ts"), types);
      const options = { noEmit: true, strict: true, skipLibCheck: true, types: [] };
      const compilerOptions = { ...options, module: "nodenext", target: "es2022" };
      const config = { compilerOptions, files: ["dashboard.ts"] };
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
      const tsc = join(root, "node_modules/.bin/tsc");
      const { stdout, status } = spawnSync(tsc, ["-p", folder], { encoding: "utf8" });
      expect({ stdout, status }).toEqual({ stdout: "", status: 0 });
    });
  });

  test("is found again by its id, and so are its panels", () => {
    expect(dashboard).toMatchObject({ uid: "stigmer-handshakes", schemaVersion: 39 });
    expect(dashboard.id).toBeUndefined();
    expect(panels.map(({ id }) => id)).toEqual(panels.map((_, index) => index + 1));
  });

  test("asks the data source that its reader chooses", () => {
    const sources = [...panels.filter(({ type }) => type !== "row"), ...targets].map(
      (part) => (part as Panel).datasource,
    );
    expect(sources.length).toBeGreaterThan(20);
    for (const source of sources) {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of Grafana's.
      expect(source).toEqual({ type: "prometheus", uid: "${datasource}" });
    }
  });

  test("has no panel over another one", () => {
    const cells = panels.flatMap(({ gridPos = { x: 0, y: 0, w: 0, h: 0 } }) =>
      Array.from({ length: gridPos.w * gridPos.h }, (_, index) => {
        const x = gridPos.x + (index % gridPos.w);
        const y = gridPos.y + Math.floor(index / gridPos.w);
        return `${x} ${y}`;
      }),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...cells.map((cell) => Number(cell.split(" ")[0])))).toBe(23);
  });

  test.skipIf(!prometheusAvailable())("asks what Prometheus understands", () => {
    const rules = targets.map(({ expr }, index) => ({
      record: `panel:${index}`,
      expr: asQueried(expr),
    }));
    const checked = inFolder((folder) => {
      const file = join(folder, "rules.yaml");
      writeFileSync(file, JSON.stringify({ groups: [{ name: "panels", rules }] }));
      return promtool("check", "rules", file);
    });
    expect(checked).toContain(`${targets.length} rules found`);
  });
});
