import type { TestOptions } from "vitest";

declare module "vitest" {
  interface TaskMeta {
    told?: Told;
  }
}

/** What the table on docs/modules-and-tools.md tells of a test that has passed. */
interface Told {
  readonly tool: string;
  readonly version: string;
  readonly what: string;
}

export function told(tool: string, version: string, what: string): TestOptions {
  return { meta: { told: { tool, version, what } } };
}
