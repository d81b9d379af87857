import { afterAll, beforeAll, describe } from "vitest";
import {
  startTemporalServer,
  type TemporalServer,
  temporalAvailable,
} from "../../temporal/server.js";
import { java } from "../java.js";
import { isAvailable } from "../language.js";
import { followJava } from "./follow-java.js";
import { describeHandshakes, type Followed } from "./handshakes.js";

describe.skipIf(!isAvailable(java) || !temporalAvailable())("docs/java.md", () => {
  let server: TemporalServer;
  let page: Followed;

  beforeAll(async () => {
    [server, page] = await Promise.all([startTemporalServer(), followJava()]);
  });
  afterAll(() => server?.stop());

  const programs = { caller: "Caller", runner: "Runner" };
  describeHandshakes(
    () => page,
    () => server,
    programs,
  );
});
