// Something to watch: activities that have an order placed, and go pending until that has ended.

import { create } from "@bufbuild/protobuf";
import { createClient, createRouterTransport } from "@connectrpc/connect";
import { ApiResourceOwnerScope } from "@stigmer/apis/apiresource";
import { reportOutcome, startExecution } from "@stigmer/apis/handshake";
import {
  createActivityEngine,
  createExecutionService,
  type ExecutionService,
  pending,
  type RunControl,
} from "@stigmer/apis/testing";
import {
  type WorkflowExecution,
  WorkflowExecutionCommandController,
  WorkflowExecutionQueryController,
  WorkflowExecutionSchema,
} from "@stigmer/apis/workflowexecution/v1";
import { WorkflowRunnerServiceController } from "@stigmer/apis/workflowrunner/v1";
import { runOrder } from "./run-order.js";

export type Ending = "completed" | "failed" | "cancelled";

export interface Demo {
  readonly service: ExecutionService;

  /** Starts an execution that will end like this, and returns its id. */
  start(ending: Ending): Promise<string>;
}

export function createDemo(log: (line: string) => void): Demo {
  const engine = createActivityEngine();
  const service = createExecutionService({
    run: ({ workflowExecutionId }, control) => run(workflowExecutionId, control),
    completer: engine,
  });
  // In the same process and without a guard, for the runner has to read the token.
  const transport = createRouterTransport(service.routes);
  const commands = createClient(WorkflowExecutionCommandController, transport);
  const queries = createClient(WorkflowExecutionQueryController, transport);
  const runner = createClient(WorkflowRunnerServiceController, transport);

  function start(ending: Ending): Promise<string> {
    return new Promise((resolve) => {
      const activity = engine.startActivity(async ({ activityId, token }) => {
        const id = `wex-${activityId}`;
        await startExecution(orderOf(id, ending), token, { commands, queries });
        await runner.executeAsync({ workflowExecutionId: id });
        resolve(id);
        return pending;
      });
      activity.result.then(({ outcome }) =>
        log(`wex-${activity.activityId}: the activity that waits for it has ended: ${outcome}`),
      );
    });
  }

  async function run(id: string, { signal }: RunControl): Promise<void> {
    const { spec } = await queries.get({ value: id });
    const status = await runOrder({
      signal,
      publish: (status) => commands.updateStatus({ executionId: id, status }),
      async onStep(name) {
        const { ending } = spec?.triggerMetadata ?? {};
        if (ending === "failed" && name === "Place the order") {
          throw new Error("The roaster answered 503 Service Unavailable, three times in a row");
        }
        if (ending === "cancelled" && name === "Wait for the buyer's approval") {
          const reason = "The buyer has withdrawn the order";
          await runner.cancelExecution({ executionId: id, reason });
        }
      },
    });
    await reportOutcome(await commands.updateStatus({ executionId: id, status }), engine, queries);
  }

  return { service, start };
}

function orderOf(id: string, ending: Ending): WorkflowExecution {
  return create(WorkflowExecutionSchema, {
    apiVersion: "agentic.stigmer.ai/v1",
    kind: "WorkflowExecution",
    metadata: {
      id,
      name: "Restock the espresso beans",
      org: "coffee-bar",
      ownerScope: ApiResourceOwnerScope.organization,
    },
    spec: {
      workflowId: "restock",
      triggerMetadata: { ending },
      runtimeEnv: {
        SHOP: { value: "Vienna" },
        ROASTER_API_KEY: { value: "demo-key-of-the-roaster", isSecret: true },
      },
    },
  });
}
