// The runner: executes a workflow, streams its status, and reports the outcome.

import type { JsonObject } from "@bufbuild/protobuf";
import type { RunControl } from "@stigmer/apis/testing";
import type { WorkflowExecutionStatus } from "@stigmer/apis/workflowexecution/v1";
import type { WorkflowExecuteInput } from "@stigmer/apis/workflowrunner/v1";
import { callHttp } from "../call-http.js";
import { environmentOf } from "../environment.js";
import { parseWorkflow } from "../parse-workflow.js";
import { runTasks } from "../run-tasks.js";
import { callWorkflow } from "./caller.js";
import { report } from "./report.js";
import type { Surroundings } from "./world.js";

export async function runWorkflow(
  world: Surroundings,
  input: WorkflowExecuteInput,
  control: RunControl,
): Promise<void> {
  const { commands, queries } = world.asRunner.workflow;
  const id = input.workflowExecutionId;
  const execution = await queries.get({ value: id });
  const { values, secrets } = environmentOf(execution);
  const workflowInput = {
    message: JSON.parse(execution.spec?.triggerMessage || "{}"),
    metadata: execution.spec?.triggerMetadata ?? {},
    env: values,
  };
  const publish = (status: WorkflowExecutionStatus) =>
    commands.updateStatus({ executionId: id, status });
  const status = await runTasks(id, input.workflowYaml, workflowInput, {
    parseWorkflow: async (yaml) => parseWorkflow(yaml),
    async callHttp(call, scope) {
      await control.untilResumed();
      return callHttp(call, { ...scope, secrets });
    },
    async runWorkflow(workflowId) {
      await control.untilResumed();
      return runNested(world, workflowId);
    },
    publish,
    log: (step) => world.log("runner", step),
    isCancellation: () => control.signal.aborted,
    messageOf: (error) => (error instanceof Error ? error.message : String(error)),
  });

  // First the status, then the report: a caller that is retried in between finds the one or is
  // found by the other.
  await report(world, await publish(status), queries);
}

// The task is an activity of its own: it gets its own token, which the nested execution reports to.
async function runNested(world: Surroundings, workflowId: string): Promise<JsonObject> {
  const result = await callWorkflow(world, workflowId).result;
  if (
    result.outcome !== "completed" ||
    result.status.$typeName !== "ai.stigmer.agentic.workflowexecution.v1.WorkflowExecutionStatus"
  ) {
    throw new Error(`nested workflow ${workflowId}: ${result.outcome}`);
  }
  world.log("caller", `the task that ran ${workflowId} resumed with its result`);
  return result.status.output ?? {};
}
