import { afterAll, beforeAll, type TestContext } from "vitest";
import { startTemporalServer, type TemporalServer, temporalAvailable } from "../server.js";
import { startWorld, type World, type WorldOptions } from "./world.js";

/** A server for the tests of a file, and how each gets a world of its own on it. */
export function useServer() {
  const isAvailable = temporalAvailable();
  let server: TemporalServer;
  beforeAll(async () => {
    if (isAvailable) server = await startTemporalServer();
  });
  afterAll(() => server?.stop());

  return {
    isAvailable,
    /** Makes a test that has a world of its own, which is stopped when the test has ended. */
    inWorld:
      (run: (world: World) => Promise<void>, options?: WorldOptions) =>
      async ({ onTestFinished }: TestContext) => {
        const world = await startWorld(server.address, "default", options);
        onTestFinished(() => world.stop());
        await run(world);
      },
  };
}
