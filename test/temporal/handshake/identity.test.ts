import { create } from "@bufbuild/protobuf";
import { getCallbackToken } from "@stigmer/apis";
import { AgentExecutionSchema } from "@stigmer/apis/agentexecution/v1";
import { ApiResourceOwnerScope } from "@stigmer/apis/apiresource";
import { ExecutionPhase, WorkflowExecutionSchema } from "@stigmer/apis/workflowexecution/v1";
import { expect, it, vi } from "vitest";
import { useServer } from "../world/in-world.js";
import {
  executionOf,
  expectCompletedOnce,
  failureOf,
  finish,
  patient,
  storedExecution,
  storedStatus,
  untilPending,
  untilRunning,
} from "../world/observe.js";
import { until } from "../world/world.js";

vi.setConfig({ maxConcurrency: 6, testTimeout: 300_000 });

const { describeInWorlds } = useServer();

describeInWorlds("an execution is made once", (inWorld) => {
  for (const kind of ["workflow", "agent"] as const) {
    it(
      `when the answer to create is lost, and the caller's worker with it: a ${kind} execution`,
      inWorld(async (world) => {
        const caller = await world.startWorker("caller", { gates: ["after create"] });
        const call = await world.call(kind, { untilFinished: true });
        await caller.at("after create");
        await caller.kill();
        await world.startWorker("caller");
        await until("the execution is re-armed", () => world.rearmed() > 0);
        await world.startWorker("runner");
        await finish(world, await executionOf(world, call));
        await expectCompletedOnce(world, call);
        expect(world.calls("create")).toBe(1);
      }),
    );

    it(
      `when only the answer to create is lost: a ${kind} execution, found by the same attempt`,
      inWorld(async (world) => {
        await Promise.all([world.startWorker("caller"), world.startWorker("runner")]);
        world.loseAnswer("create");
        const call = await world.call(kind, { untilFinished: true }, patient);
        const id = await executionOf(world, call);
        await untilRunning(world, id);
        await finish(world, id);
        await expectCompletedOnce(world, call);
        expect(world.calls("create")).toBe(1);
      }),
    );

    it(
      `without a name, under one of its own: a ${kind} execution`,
      inWorld(async (world) => {
        await Promise.all([world.startWorker("caller"), world.startWorker("runner")]);
        const calls = await Promise.all([1, 2].map(() => world.call(kind, { name: "" }, patient)));
        for (const call of calls) await expectCompletedOnce(world, call);
        const names = world.created.map(({ metadata }) => metadata?.name);
        expect(names).toEqual(world.created.map(({ metadata }) => metadata?.id));
      }),
    );
  }
});

describeInWorlds("what the service and others have put into an execution", (inWorld) => {
  it(
    "is there after it was re-armed",
    inWorld(async (world) => {
      const [caller] = await Promise.all([
        world.startWorker("caller"),
        world.startWorker("runner"),
      ]);
      const options = { ...patient, heartbeatTimeout: "5s" };
      const plan = { untilFinished: true, callback: { heartbeatInterval: "1h" } } as const;
      const call = await world.call("agent", plan, options);
      await untilPending(call, caller);
      const id = await executionOf(world, call);
      const edited = create(AgentExecutionSchema, (await storedExecution(world, id)) as never);
      if (edited.metadata) {
        edited.metadata.labels.team = "night";
        edited.metadata.annotations.note = "watched";
      }
      await world.asRunner.agent.commands.update(edited);
      const rearmed = world.rearmed();
      await until("the execution is re-armed", () => world.rearmed() > rearmed);
      const { metadata, spec } = await storedExecution(world, id);
      expect(metadata).toMatchObject({
        labels: { team: "night" },
        annotations: { note: "watched" },
      });
      expect(spec).toMatchObject({ sessionId: edited.spec?.sessionId });
      await finish(world, id);
      await expectCompletedOnce(world, call);
    }),
  );

  it(
    "is not lost when somebody writes back what was read before, and a dead token with it",
    inWorld(async (world) => {
      const [caller] = await Promise.all([
        world.startWorker("caller"),
        world.startWorker("runner"),
      ]);
      const options = { ...patient, startToCloseTimeout: "4s" };
      const call = await world.call("workflow", { untilFinished: true }, options);
      await untilPending(call, caller);
      const id = await executionOf(world, call);
      const stale = create(WorkflowExecutionSchema, (await storedExecution(world, id)) as never);
      await until("the execution is re-armed", () => world.rearmed() > 0);
      await world.asRunner.workflow.commands.update(stale);
      const rearmed = world.rearmed();
      await until("the execution is re-armed once more", () => world.rearmed() > rearmed);
      await finish(world, id);
      await expectCompletedOnce(world, call);
    }),
  );
});

describeInWorlds("a name", (inWorld) => {
  it(
    "that another execution has is refused at once by a service that makes its slugs from names",
    inWorld(async (world) => {
      if (world.existingServices === undefined) return;
      await world.startWorker("caller");
      await world.asRunner.workflow.commands.create({
        metadata: { name: "Nightly report", ownerScope: ApiResourceOwnerScope.organization },
        spec: { workflowId: "wfl-1" },
      });
      const call = await world.call("workflow", { name: "nightly report" }, patient);
      expect(await failureOf(call)).toMatchObject({
        type: "ExecutionRefused",
        message: expect.stringContaining("slug 'nightly-report' already exists"),
      });
      expect(world.calls("create")).toBe(2);
    }),
  );
});

describeInWorlds("a create of a dead attempt that comes late", (inWorld) => {
  it(
    "and overwrites the execution is healed by the next attempt",
    inWorld(async (world) => {
      if (world.existingServices === undefined) return;
      const [caller] = await Promise.all([
        world.startWorker("caller"),
        world.startWorker("runner"),
      ]);
      const options = { ...patient, startToCloseTimeout: "4s" };
      const call = await world.call("agent", { untilFinished: true }, options);
      await untilPending(call, caller);
      const id = await executionOf(world, call);
      await untilRunning(world, id);
      const request = create(AgentExecutionSchema, world.created[0] as never);
      await until("the execution is re-armed", () => world.rearmed() > 0);
      await world.asRunner.agent.commands.create(request);
      expect((await storedStatus(world, id))?.phase).toBe(ExecutionPhase.EXECUTION_PENDING);
      const rearmed = world.rearmed();
      await until("the execution is re-armed again", () => world.rearmed() > rearmed);
      const stored = getCallbackToken(await storedExecution(world, id));
      expect(stored).not.toEqual(getCallbackToken(request));
      await finish(world, id);
      await expectCompletedOnce(world, call);
    }),
  );
});
