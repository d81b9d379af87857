import { afterAll, beforeAll, describe, type TestContext } from "vitest";
import { startTemporalServer, type TemporalServer, temporalAvailable } from "../server.js";
import { serviceNames } from "./service.js";
import { startWorld, type World, type WorldOptions } from "./world.js";

/** Makes a test that has a world of its own, which is stopped when the test has ended. */
export type InWorld = (
  run: (world: World) => Promise<void>,
  options?: WorldOptions,
) => (context: TestContext) => Promise<void>;

/** A server for the tests of a file, and how each gets a world of its own on it. */
export function useServer() {
  const isAvailable = temporalAvailable();
  let server: TemporalServer;
  beforeAll(async () => {
    if (isAvailable) server = await startTemporalServer();
  });
  afterAll(() => server?.stop());

  return {
    /** Describes the same of worlds with either execution service. The tests run concurrently. */
    describeInWorlds(title: string, define: (inWorld: InWorld) => void): void {
      describe.skipIf(!isAvailable).each(serviceNames)(
        `${title} (%s service)`,
        { concurrent: true },
        (service) =>
          define((run, options) => async ({ onTestFinished }) => {
            const world = await startWorld(server.address, "default", { service, ...options });
            onTestFinished(() => world.stop());
            await run(world);
          }),
      );
    },
  };
}
