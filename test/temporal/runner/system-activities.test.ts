import { describe, expect, it } from "vitest";
import { createSystemActivities } from "../../../src/temporal/runner/system-activities.js";
import { createActivityEngine, createExecutionService } from "../../../src/testing/index.js";
import { formatCallbackToken } from "../../../src/token/index.js";
import {
  agentKind,
  EXECUTION_COMPLETED,
  EXECUTION_FAILED,
  end,
  inMemory,
  kinds,
  startWaiting,
  workflowKind,
} from "../../testing/fixtures.js";
import { attemptOf } from "../activity-context.js";
import { statusOf } from "./start-runner.js";

describe.each(kinds)("the activities of a runner, for a $name", ({ idPrefix, connect, valid }) => {
  /** A runner whose executions of each kind are kept by a service of their own. */
  async function start() {
    const [workflows, agents] = [
      (await inMemory(createExecutionService())).transport,
      (await inMemory(createExecutionService())).transport,
    ];
    const engine = createActivityEngine();
    const { handle, token, retry } = await startWaiting(engine);
    const first = token();
    // Only who asks the right service learns of the second.
    const second = await retry();
    const id = `${idPrefix}-1`;
    const client = connect(idPrefix === "aex" ? agents : workflows);
    await client.create(valid({ id, token: second }));
    const activities = createSystemActivities({
      completer: engine,
      executions: {
        workflow: { queries: workflowKind.connect(workflows) },
        agent: { queries: agentKind.connect(agents) },
      },
    });
    return { activities, client, handle, id, first, second };
  }

  it("report with the token that the service of its kind knows", async () => {
    const { activities, handle, id, first } = await start();
    const status = statusOf(EXECUTION_COMPLETED);
    const report = () => activities.CompleteExternalActivity(first, status, id);
    expect(await attemptOf().run(report)).toBe("reported");
    expect(await handle.result).toEqual({ outcome: "completed", status });
  });

  it("heartbeat with the token that the service of its kind knows", async () => {
    const { activities, id, first, second } = await start();
    const beat = () => activities.HeartbeatExternalActivity(first, id);
    expect(await attemptOf().run(beat)).toEqual({ rearmed: formatCallbackToken(second) });
  });

  it("report what Go does not say, as the service of its kind knows it", async () => {
    const { activities, client, handle, id, second } = await start();
    const { status } = await end(client, id, EXECUTION_FAILED, "disk full");
    const CallbackToken = formatCallbackToken(second);
    const report = { CallbackToken, Result: { metadata: { id } }, Error: null };
    await attemptOf().run(() => activities["stigmer/system/complete-external-activity"](report));
    expect(await handle.result).toMatchObject({ outcome: "failed", message: "disk full", status });
  });
});
