import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { installsOf, readPage, readPages, walked } from "../docs/pages/page.js";
import { startRegistry } from "../docs/walkthrough/registry.js";

const pages = readPages();

describe("npm install", () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "stigmer-install-"));
    const registry = await startRegistry(folder);
    env = { ...process.env, ...registry.env, npm_config_prefer_offline: "true" };
    stop = registry.stop;
  });
  afterAll(async () => {
    await stop?.();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  // A hundred megabytes, which a reader of the walk installs, with all else that is named there.
  const large = "@temporalio/worker";
  const [{ packages: ofWalk = [] } = {}] = installsOf(readPage(walked));
  const isOfOthers = (word: string) => !ofWalk.includes(word);
  // Of a line with what is large, only what the walk does not install.
  const lines = pages.flatMap(installsOf).map(({ line, packages }): [string, string[]] => {
    if (!packages.includes(large)) return [line, packages];
    return [line.split(" ").filter(isOfOthers).join(" "), packages.filter(isOfOthers)];
  });

  test.each([...new Map(lines)].filter(([, packages]) => packages.length > 0))(
    "%s",
    async (line, packages) => {
      const project = mkdtempSync(join(folder, "project-"));
      mkdirSync(join(project, "node_modules"));
      const child = spawn(line, { cwd: project, env, shell: true, stdio: "ignore" });
      expect(await once(child, "exit")).toEqual([0, null]);
      for (const name of packages) {
        expect(existsSync(join(project, "node_modules", name, "package.json")), name).toBe(true);
      }
    },
  );

  test("of what is large has all that the walk installs, but for the peer of its service", () => {
    const others = pages.flatMap(installsOf).filter(({ packages }) => packages.includes(large));
    expect(others.length).toBeGreaterThan(0);
    const needed = ofWalk.filter((name) => name !== "@bufbuild/protovalidate");
    for (const { line, packages } of others) {
      expect(packages, line).toEqual(expect.arrayContaining(needed));
    }
  });
});
