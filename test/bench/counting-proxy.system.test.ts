import { Connection } from "@temporalio/client";
import { describe, expect, it, onTestFinished } from "vitest";
import { startCountingProxy } from "../../bench/temporal/counting-proxy.js";
import { startTemporalServer, temporalAvailable } from "../temporal/server.js";

describe.skipIf(!temporalAvailable())("startCountingProxy", () => {
  it("goes on when the server has ended the connection for its age", async () => {
    const ageMs = 1_000;
    const server = await startTemporalServer(`frontend.keepAliveMaxConnectionAge="${ageMs}ms"`);
    onTestFinished(server.stop);
    const proxy = await startCountingProxy(server.address);
    onTestFinished(proxy.stop);
    const connection = await Connection.connect({ address: proxy.address });
    onTestFinished(() => connection.close());

    const before = proxy.calls().get("GetSystemInfo") ?? 0;
    let calls = 0;
    for (const end = Date.now() + 3 * ageMs; Date.now() < end; calls++) {
      await connection.workflowService.getSystemInfo({});
    }
    expect(proxy.calls().get("GetSystemInfo")).toBe(before + calls);
  });
});
