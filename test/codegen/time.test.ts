import { expect, it } from "vitest";
import { root } from "../../scripts/buf.js";
import { missingTools } from "./language.js";
import { languages } from "./languages.js";
import { installed } from "./project.js";
import { run } from "./run.js";

declare module "vitest" {
  interface TaskMeta {
    /** Seconds by the name of what was generated, for scripts/test-codegen.js. */
    seconds?: Readonly<Record<string, number>>;
  }
}

const available = languages.filter((language) => missingTools(language).length === 0);

it("generates the stubs again, in all languages", async ({ task }) => {
  for (const language of available) await language.prepare();
  const generate: Readonly<Record<string, () => Promise<unknown>>> = {
    // Writes to a folder of its own, where `npm run derive` writes to gen/.
    TypeScript: () => run(["node", "scripts/derive.js", "--check", "stubs"], { folder: root }),
    ...Object.fromEntries(
      available.map(({ name, generate }) => [name, () => generate(installed())]),
    ),
  };

  const seconds: Record<string, number> = {};
  for (const [name, again] of Object.entries(generate)) {
    // The best of a few: the first one warms up, and others use the machine too.
    const times = [];
    for (let round = 0; round < 3; round++) times.push(await secondsOf(again));
    seconds[name] = Math.min(...times);
  }
  task.meta.seconds = seconds;
  expect(Object.keys(seconds)).toHaveLength(available.length + 1);
});

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
}
