import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { prometheusAvailable, promtool } from "../monitoring/prometheus.js";
import { filesOf, readPage } from "./pages/page.js";
import { openProjects } from "./pages/project.js";

test.skipIf(!prometheusAvailable())(
  "docs/operating.md: prometheus.yaml finds the alerts in the package",
  () => {
    const projects = openProjects();
    try {
      const project = projects.install(["@stigmer/apis"]);
      const file = join(project, "prometheus.yaml");
      const text = filesOf(readPage("docs/operating.md")).get("prometheus.yaml") ?? "";
      writeFileSync(file, text);
      expect(promtool("check", "config", file)).toMatch(/SUCCESS: \d+ rules found/);
    } finally {
      projects.remove();
    }
  },
);
