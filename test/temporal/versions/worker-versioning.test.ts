import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { delimiter } from "node:path";
import { promisify } from "node:util";
import { ExecutionPhase } from "@stigmer/apis/workflowexecution/v1";
import { isGrpcServiceError, type WorkflowHandle } from "@temporalio/client";
import type { VersioningBehavior } from "@temporalio/common";
import { beforeAll, describe, expect, it } from "vitest";
import { readPage } from "../../docs/pages/page.js";
import { temporalFolder } from "../../support/find-temporal.js";
import { temporalAvailable } from "../server.js";
import { reportsOf } from "../world/observe.js";
import { until } from "../world/world.js";
import { loadVersion, type Version } from "./load-version.js";
import { current } from "./released.js";
import { useHandshakes } from "./use-handshakes.js";

const completed = {
  phase: ExecutionPhase.EXECUTION_COMPLETED,
  output: { answer: "shipped" },
};
const namespace = "default";
const limitMs = 180_000;
const page = readPage("docs/upgrading.md");

// Servers of others may look at a version every three minutes only, as is their default.
const hasOwnServer = temporalAvailable() && !process.env.TEMPORAL_ADDRESS;

describe.skipIf(!hasOwnServer)("with Worker Versioning,", () => {
  const { address, client, service, startWorker, call, runnerOf } = useHandshakes(
    "matching.wv.VersionDrainageStatusVisibilityGracePeriod=1",
    "matching.wv.VersionDrainageStatusRefreshInterval=1",
  );
  let version: Version;
  beforeAll(async () => {
    version = await loadVersion(current);
  });

  const activitiesOf = (side: "caller" | "runner") =>
    side === "caller"
      ? version.activities.callerActivities(service())
      : version.activities.runnerActivities(service(), client());

  /** Workers of one side, of no version of a deployment. */
  async function start(side: "caller" | "runner"): Promise<string> {
    const taskQueue = randomUUID();
    await startWorker({ taskQueue, ...version, activities: activitiesOf(side) });
    return taskQueue;
  }

  /** A deployment of one side, whose versions are called by their build ids. */
  function deployment(
    side: "caller" | "runner",
    defaultVersioningBehavior: VersioningBehavior,
    deploymentName: string = randomUUID(),
  ) {
    const taskQueue = randomUUID();
    return {
      taskQueue,
      start: (buildId: string) =>
        startWorker({
          ...{ taskQueue, ...version, activities: activitiesOf(side) },
          workerDeploymentOptions: {
            useWorkerVersioning: true,
            version: { deploymentName, buildId },
            defaultVersioningBehavior,
          },
        }),
      /** Makes this the version of new runs, and of all that are not pinned. */
      setCurrent: (buildId: string) =>
        until(`the server knows workers of ${buildId}`, async () => {
          const request = { namespace, deploymentName, buildId };
          try {
            await client().workflowService.setWorkerDeploymentCurrentVersion(request);
            return true;
          } catch (error) {
            if (isGrpcServiceError(error)) return false;
            throw error;
          }
        }),
    };
  }

  /** Runs a block of the page, as it stands there. */
  async function runBlock(word: string): Promise<string> {
    const [block, ...others] = page.blocks.filter(({ text }) => text.includes(word));
    if (block === undefined || others.length > 0)
      throw new Error(`expected one block with ${word}`);
    const { PATH = "", ...env } = process.env;
    const { stdout } = await promisify(execFile)("sh", ["-ec", block.text], {
      env: {
        ...env,
        PATH: [PATH, temporalFolder()].join(delimiter),
        TEMPORAL_ADDRESS: address(),
      },
    });
    return stdout;
  }

  async function heartbeatsOf(run: WorkflowHandle) {
    const { raw } = await run.describe();
    const heartbeat = raw.pendingActivities?.find(
      ({ activityType }) => activityType?.name === "HeartbeatExternalActivity",
    );
    return {
      count: heartbeat?.attempt ?? 0,
      buildId: heartbeat?.lastDeploymentVersion?.buildId ?? undefined,
    };
  }

  async function untilMoreHeartbeats(run: WorkflowHandle, buildId?: string): Promise<void> {
    const { count } = await heartbeatsOf(run);
    await until("heartbeats go on", async () => {
      const now = await heartbeatsOf(run);
      return now.count > count + 2 && (buildId === undefined || now.buildId === buildId);
    });
  }

  async function attemptOf(call: WorkflowHandle): Promise<number> {
    const { raw } = await call.describe();
    return raw.pendingActivities?.[0]?.attempt ?? 0;
  }

  /** The build id of the version that runs a workflow. */
  async function buildIdOf(run: WorkflowHandle): Promise<string | null | undefined> {
    const { raw } = await run.describe();
    return raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId;
  }

  const reports = (run: WorkflowHandle) => reportsOf({ runnerClient: client() }, run.workflowId);

  const often = { heartbeatInterval: "200ms" } as const;
  const plan = { untilFinished: true, answer: "shipped", callback: often };

  it.concurrent(
    "a pinned run waits for workers of its version, with its heartbeats",
    async () => {
      const { taskQueue, start: startRunner, setCurrent } = deployment("runner", "PINNED");
      const callers = await start("caller");
      const first = await startRunner("1.0");
      await setCurrent("1.0");
      const waiting = await call(
        callers,
        "workflow",
        { ...plan, taskQueue },
        { heartbeatTimeout: "3s" },
      );
      const run = await runnerOf(waiting);
      await untilMoreHeartbeats(run, "1.0");
      await startRunner("2.0");
      await setCurrent("2.0");
      await untilMoreHeartbeats(run, "1.0");

      await first.stop();
      const { count } = await heartbeatsOf(run);
      const attempt = await attemptOf(waiting);
      await until(
        "the caller misses the heartbeats",
        async () => (await attemptOf(waiting)) > attempt + 1,
      );
      expect(await heartbeatsOf(run)).toEqual({ count, buildId: "1.0" });

      await run.signal("finish");
      // By workers of the other version, in the same queue.
      const later = await call(callers, "workflow", { answer: "shipped", taskQueue });
      expect(await later.result()).toMatchObject(completed);
      expect(await buildIdOf(await runnerOf(later))).toBe("2.0");
      expect((await run.describe()).raw.pendingWorkflowTask).toMatchObject({ attempt: 1 });

      await startRunner("1.0");
      expect(await waiting.result()).toMatchObject(completed);
      // The caller's next attempt may find the end before it is reported.
      expect(await reports(run)).toEqual([
        expect.stringMatching(/^CompleteExternalActivity: (?:reported|already-settled)$/),
      ]);
    },
    limitMs,
  );

  it.concurrent(
    "activities in a queue of their own go on, a run can be moved, and its version drains",
    async () => {
      const {
        taskQueue,
        start: startRunner,
        setCurrent,
      } = deployment("runner", "PINNED", "runners");
      const callers = await start("caller");
      const callback = { ...often, taskQueue: await start("runner") };
      const first = await startRunner("1.0");
      await setCurrent("1.0");
      const waiting = await call(callers, "workflow", { ...plan, taskQueue, callback });
      const run = await runnerOf(waiting);
      await untilMoreHeartbeats(run);
      await startRunner("2.0");
      await until("the server knows workers of 2.0", () =>
        runBlock("set-current-version").then(
          () => true,
          () => false,
        ),
      );
      await until("1.0 drains", async () =>
        (await runBlock("describe-version")).includes('"draining"'),
      );

      await first.stop();
      await untilMoreHeartbeats(run);
      expect(await attemptOf(waiting)).toBe(1);
      expect(await runBlock("describe-version")).toContain('"draining"');

      await runBlock("update-options");
      await run.signal("finish");
      expect(await waiting.result()).toMatchObject(completed);
      expect(await reports(run)).toEqual(["CompleteExternalActivity: reported"]);
      await until("1.0 is drained", async () =>
        (await runBlock("describe-version")).includes('"drained"'),
      );
    },
    limitMs,
  );

  it.concurrent(
    "a run that is not pinned goes on with the current version",
    async () => {
      const { taskQueue, start: startRunner, setCurrent } = deployment("runner", "AUTO_UPGRADE");
      const callers = await start("caller");
      const first = await startRunner("1.0");
      await setCurrent("1.0");
      const waiting = await call(callers, "workflow", { ...plan, taskQueue });
      const run = await runnerOf(waiting);
      await untilMoreHeartbeats(run, "1.0");
      await startRunner("2.0");
      await setCurrent("2.0");
      await first.stop();
      await untilMoreHeartbeats(run, "2.0");
      await run.signal("finish");
      expect(await waiting.result()).toMatchObject(completed);
      expect(await attemptOf(waiting)).toBe(0);
      expect(await buildIdOf(run)).toBe("2.0");
      expect(await reports(run)).toEqual(["CompleteExternalActivity: reported"]);
    },
    limitMs,
  );

  it.concurrent(
    "a pinned caller has its result once workers of its version are back",
    async () => {
      const { taskQueue: callers, start: startCaller, setCurrent } = deployment("caller", "PINNED");
      const taskQueue = await start("runner");
      const first = await startCaller("1.0");
      await setCurrent("1.0");
      const waiting = await call(callers, "workflow", { ...plan, taskQueue });
      const run = await runnerOf(waiting);
      await untilMoreHeartbeats(run);
      await startCaller("2.0");
      await setCurrent("2.0");
      await first.stop();

      await run.signal("finish");
      await run.result();
      expect(await reports(run)).toEqual(["CompleteExternalActivity: reported"]);
      const later = await call(callers, "workflow", { answer: "shipped", taskQueue });
      expect(await later.result()).toMatchObject(completed);
      expect((await waiting.describe()).raw.pendingWorkflowTask).toMatchObject({ attempt: 1 });

      await startCaller("1.0");
      expect(await waiting.result()).toMatchObject(completed);
    },
    limitMs,
  );
});
