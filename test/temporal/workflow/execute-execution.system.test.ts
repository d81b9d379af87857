import { create } from "@bufbuild/protobuf";
import type { Execution } from "@stigmer/apis";
import { AgentExecutionSchema, AgentExecutionStatusSchema } from "@stigmer/apis/agentexecution/v1";
import {
  ExecutionPhase,
  WorkflowExecutionSchema,
  WorkflowExecutionStatusSchema,
} from "@stigmer/apis/workflowexecution/v1";
import { activityInfo, Context, heartbeat, type Info } from "@temporalio/activity";
import type { WorkflowHandle } from "@temporalio/client";
import { ApplicationFailure, CancelledFailure } from "@temporalio/common";
import { describe, expect, it } from "vitest";
import { temporalAvailable } from "../server.js";
import { useWorker } from "../use-worker.js";
import { until } from "../world/world.js";

const phase = ExecutionPhase.EXECUTION_COMPLETED as number;
const kinds = [
  {
    type: "callWorkflow",
    activity: "ExecuteWorkflow",
    idPrefix: "wex",
    requestOf: (id: string) => create(WorkflowExecutionSchema, { metadata: { id } }),
    status: create(WorkflowExecutionStatusSchema, { phase }),
  },
  {
    type: "callAgent",
    activity: "ExecuteAgent",
    idPrefix: "aex",
    requestOf: (id: string) => create(AgentExecutionSchema, { metadata: { id } }),
    status: create(AgentExecutionStatusSchema, { phase }),
  },
];
const options = { scheduleToCloseTimeout: "5m", retry: { initialInterval: "1ms" } };

async function failureOf(handle: WorkflowHandle): Promise<unknown> {
  return handle.result().then(
    () => expect.fail("expected the workflow to fail"),
    (error: Error) => error.cause,
  );
}

describe.skipIf(!temporalAvailable()).each(kinds)(
  "$type",
  ({ type, activity, idPrefix, requestOf, status }) => {
    const { start } = useWorker(new URL("parts.workflow.js", import.meta.url));

    /** The activity, and what its attempts were called with. */
    function record(execute: (attempt: number) => Promise<unknown>) {
      const attempts: { request: Execution; info: Info }[] = [];
      const run = async (request: Execution) => {
        attempts.push({ request, info: activityInfo() });
        return execute(attempts.length);
      };
      return { attempts, activities: { [activity]: run } };
    }

    it("gives a request an id of its kind, which is the same for every attempt", async () => {
      const { attempts, activities } = record(async (attempt) => {
        if (attempt === 1) throw new Error("away");
        return status;
      });
      const handle = await start(activities, type, requestOf(""), options);
      expect(await handle.result()).toEqual(status);
      const [first, second] = attempts.map(({ request }) => request.metadata?.id);
      expect(first).toMatch(new RegExp(`^${idPrefix}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`));
      expect(second).toBe(first);
    });

    it("leaves a request the id that it has", async () => {
      const { attempts, activities } = record(async () => status);
      const id = `${idPrefix}-mine`;
      await (await start(activities, type, requestOf(id), options)).result();
      expect(attempts.map(({ request }) => request)).toEqual([requestOf(id)]);
    });

    it("makes another attempt after a minute without a heartbeat, unless it is told when", async () => {
      const { attempts, activities } = record(async () => status);
      await (await start(activities, type, requestOf(""), options)).result();
      const more = { ...options, heartbeatTimeout: "10s" };
      await (await start(activities, type, requestOf(""), more)).result();
      expect(attempts.map(({ info }) => info.heartbeatTimeoutMs)).toEqual([60_000, 10_000]);
    });

    it.each([undefined, 0, "0s"])(
      "refuses a wait that nothing bounds, before it asks for anything: %s",
      async (scheduleToCloseTimeout) => {
        const { attempts, activities } = record(async () => status);
        const handle = await start(activities, type, requestOf(""), { scheduleToCloseTimeout });
        expect(await failureOf(handle)).toMatchObject({
          type: "ExecutionRefused",
          nonRetryable: true,
          message: expect.stringContaining("scheduleToCloseTimeout"),
        });
        expect(attempts).toEqual([]);
      },
    );

    /** Ends its execution when it hears that it is cancelled. */
    async function untilCancelled(): Promise<never> {
      for (;;) {
        heartbeat();
        await Context.current()
          .sleep(20)
          .catch(() => {
            throw ApplicationFailure.nonRetryable("stopped", "ExecutionCancelled");
          });
      }
    }

    it("ends cancelled when its workflow is, once the execution is", async () => {
      const { attempts, activities } = record(untilCancelled);
      const more = { ...options, heartbeatTimeout: "1s" };
      const handle = await start(activities, type, requestOf(""), more);
      await until("it waits", () => attempts.length > 0);
      await handle.cancel();
      expect(await failureOf(handle)).toBeInstanceOf(CancelledFailure);
      expect((await handle.describe()).status.name).toBe("CANCELLED");
      const { events } = await handle.fetchHistory();
      const ended = events?.map(
        (event) => event.activityTaskFailedEventAttributes?.failure?.message,
      );
      expect(ended).toContain("stopped");
    });

    it("fails when the execution was cancelled by others", async () => {
      const { activities } = record(async () => {
        throw ApplicationFailure.nonRetryable("stopped", "ExecutionCancelled");
      });
      const failure = await failureOf(await start(activities, type, requestOf(""), options));
      expect(failure).toBeInstanceOf(ApplicationFailure);
      expect(failure).toMatchObject({ type: "ExecutionCancelled", message: "stopped" });
    });
  },
);
