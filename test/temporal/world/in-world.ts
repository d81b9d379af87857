import type { TestContext } from "vitest";
import { startWorld, type World, type WorldOptions } from "./world.js";

/** Makes tests that have a world of their own, which is stopped when they have ended. */
export function inWorldAt(address: () => string) {
  return (run: (world: World) => Promise<void>, options?: WorldOptions) =>
    async ({ onTestFinished }: TestContext) => {
      const world = await startWorld(address(), "default", options);
      onTestFinished(() => world.stop());
      await run(world);
    };
}
