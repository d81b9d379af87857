// The runner: executes a workflow, streams its status, and reports the outcome.

import { create, type JsonObject } from "@bufbuild/protobuf";
import type { RunControl } from "@stigmer/apis/testing";
import {
  ExecutionPhase,
  type WorkflowExecution,
  WorkflowExecutionStatusSchema,
  WorkflowTaskSchema,
  WorkflowTaskStatus,
} from "@stigmer/apis/workflowexecution/v1";
import type { WorkflowExecuteInput } from "@stigmer/apis/workflowrunner/v1";
import type { Scope } from "./evaluate.js";
import { parseWorkflow } from "./parse-workflow.js";
import { runTask } from "./run-task.js";
import { now, report } from "./runner.js";
import type { World } from "./world.js";

export async function runWorkflow(
  world: World,
  input: WorkflowExecuteInput,
  control: RunControl,
): Promise<void> {
  const { commands, queries } = world.asRunner.workflow;
  const id = input.workflowExecutionId;
  const scope = scopeOf(await queries.get({ value: id }));
  const steps = parseWorkflow(input.workflowYaml).map(({ name, type, definition }) => ({
    definition,
    task: create(WorkflowTaskSchema, {
      taskId: `${id}/${name}`,
      taskName: name,
      taskType: type,
      status: WorkflowTaskStatus.WORKFLOW_TASK_PENDING,
    }),
  }));
  const status = create(WorkflowExecutionStatusSchema, {
    phase: ExecutionPhase.EXECUTION_IN_PROGRESS,
    startedAt: now(),
    tasks: steps.map(({ task }) => task),
  });
  const publish = () => commands.updateStatus({ executionId: id, status });

  world.log("runner", `took ${id}, ${steps.length} tasks`);
  await publish();
  try {
    let output: JsonObject = scope.workflowInput;
    for (const { task, definition } of steps) {
      await control.untilResumed();
      task.status = WorkflowTaskStatus.WORKFLOW_TASK_IN_PROGRESS;
      task.startedAt = now();
      task.input = output;
      await publish();
      output = await runTask(world, definition, { ...scope, input: output });
      task.status = WorkflowTaskStatus.WORKFLOW_TASK_COMPLETED;
      task.completedAt = now();
      task.output = output;
      world.log("runner", `task ${task.taskName} completed`);
      await publish();
    }
    status.phase = ExecutionPhase.EXECUTION_COMPLETED;
    status.output = output;
  } catch (error) {
    status.phase = control.signal.aborted
      ? ExecutionPhase.EXECUTION_CANCELLED
      : ExecutionPhase.EXECUTION_FAILED;
    status.error = error instanceof Error ? error.message : String(error);
    for (const task of status.tasks) {
      if (task.status === WorkflowTaskStatus.WORKFLOW_TASK_IN_PROGRESS) {
        task.status = WorkflowTaskStatus.WORKFLOW_TASK_FAILED;
        task.completedAt = now();
        task.error = status.error;
        world.log("runner", `task ${task.taskName} failed: ${task.error}`);
      } else if (task.status === WorkflowTaskStatus.WORKFLOW_TASK_PENDING) {
        task.status = WorkflowTaskStatus.WORKFLOW_TASK_SKIPPED;
      }
    }
  }
  status.completedAt = now();

  // First the status, then the report: a caller that is retried in between finds the one or is
  // found by the other.
  const ended = await publish();
  world.log("runner", `${id} ended as ${ExecutionPhase[status.phase]}`);
  await report(world, ended, queries);
}

/** What the workflow's expressions can see of the request. */
function scopeOf({ spec }: WorkflowExecution): Omit<Scope, "input"> {
  const env = Object.entries(spec?.runtimeEnv ?? {});
  const values = (secret: boolean) =>
    Object.fromEntries(
      env
        .filter(([, { isSecret }]) => isSecret === secret)
        .map(([name, { value }]) => [name, value]),
    );
  return {
    secrets: values(true),
    workflowInput: {
      message: JSON.parse(spec?.triggerMessage || "{}"),
      metadata: spec?.triggerMetadata ?? {},
      env: values(false),
    },
  };
}
