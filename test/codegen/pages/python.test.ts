import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPage } from "../../docs/pages/page.js";
import {
  startTemporalServer,
  type TemporalServer,
  temporalAvailable,
} from "../../temporal/server.js";
import { isAvailable } from "../language.js";
import { python } from "../python.js";
import { followPython } from "./follow-python.js";
import { describeHandshakes } from "./handshakes.js";

describe.skipIf(!isAvailable(python) || !temporalAvailable())("docs/python.md", () => {
  let server: TemporalServer;
  let page: Awaited<ReturnType<typeof followPython>>;

  beforeAll(async () => {
    [server, page] = await Promise.all([startTemporalServer(), followPython()]);
  });
  afterAll(() => server?.stop());

  it("names the lowest Python that the packages take", async () => {
    const { text } = readPage("docs/python.md");
    expect(text).toContain(`Python ${await page.lowestPython()} or newer`);
  });

  const programs = { caller: "caller.py", runner: "runner.py" };
  describeHandshakes(
    () => page,
    () => server,
    programs,
  );
});
