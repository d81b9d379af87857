// What every runner of workflows does, on whatever engine: it runs the tasks one after the other and
// publishes the status as it goes.

import { create, type JsonObject } from "@bufbuild/protobuf";
import {
  ExecutionPhase,
  type WorkflowExecutionStatus,
  WorkflowExecutionStatusSchema,
  WorkflowTaskSchema,
  WorkflowTaskStatus,
} from "@stigmer/apis/workflowexecution/v1";
import { evaluateObject, type Scope } from "./evaluate.js";
import { now } from "./now.js";
import type { HttpCall, NamedTask, TaskDefinition } from "./parse-workflow.js";

/** What a runner has its engine do. */
export interface TaskEngine {
  parseWorkflow(yaml: string): Promise<NamedTask[]>;
  callHttp(call: HttpCall, scope: Scope): Promise<JsonObject>;
  /** Has another workflow executed and returns its output. */
  runWorkflow(workflowId: string): Promise<JsonObject>;
  publish(status: WorkflowExecutionStatus): Promise<unknown>;
  log(step: string): void;
  isCancellation(error: unknown): boolean;
  messageOf(error: unknown): string;
}

/**
 * Runs the tasks of a workflow. Returns the terminal status, which is still to be published; when
 * something fails, too.
 */
export async function runTasks(
  executionId: string,
  yaml: string,
  workflowInput: JsonObject,
  engine: TaskEngine,
): Promise<WorkflowExecutionStatus> {
  const status = create(WorkflowExecutionStatusSchema, {
    phase: ExecutionPhase.EXECUTION_IN_PROGRESS,
    startedAt: now(),
  });
  try {
    const steps = (await engine.parseWorkflow(yaml)).map(({ name, type, definition }) => ({
      definition,
      task: create(WorkflowTaskSchema, {
        taskId: `${executionId}/${name}`,
        taskName: name,
        taskType: type,
        status: WorkflowTaskStatus.WORKFLOW_TASK_PENDING,
      }),
    }));
    status.tasks = steps.map(({ task }) => task);
    engine.log(`took ${executionId}, ${steps.length} tasks`);
    await engine.publish(status);
    let output = workflowInput;
    for (const { task, definition } of steps) {
      task.status = WorkflowTaskStatus.WORKFLOW_TASK_IN_PROGRESS;
      task.startedAt = now();
      task.input = output;
      await engine.publish(status);
      output = await runTask(definition, { input: output, workflowInput }, engine);
      task.status = WorkflowTaskStatus.WORKFLOW_TASK_COMPLETED;
      task.completedAt = now();
      task.output = output;
      engine.log(`task ${task.taskName} completed`);
      await engine.publish(status);
    }
    status.phase = ExecutionPhase.EXECUTION_COMPLETED;
    status.output = output;
  } catch (error) {
    status.phase = engine.isCancellation(error)
      ? ExecutionPhase.EXECUTION_CANCELLED
      : ExecutionPhase.EXECUTION_FAILED;
    status.error = engine.messageOf(error);
    for (const task of status.tasks) {
      if (task.status === WorkflowTaskStatus.WORKFLOW_TASK_IN_PROGRESS) {
        task.status = WorkflowTaskStatus.WORKFLOW_TASK_FAILED;
        task.completedAt = now();
        task.error = status.error;
        engine.log(`task ${task.taskName} failed: ${task.error}`);
      } else if (task.status === WorkflowTaskStatus.WORKFLOW_TASK_PENDING) {
        task.status = WorkflowTaskStatus.WORKFLOW_TASK_SKIPPED;
      }
    }
  }
  status.completedAt = now();
  engine.log(`${executionId} ends as ${ExecutionPhase[status.phase]}`);
  return status;
}

async function runTask(
  task: TaskDefinition,
  scope: Scope,
  engine: TaskEngine,
): Promise<JsonObject> {
  if ("set" in task) return evaluateObject(task.set, scope);
  if ("call" in task) return engine.callHttp(task.with, scope);
  if ("run" in task) return engine.runWorkflow(task.run.workflow.name);
  if ("raise" in task) throw new Error(task.raise.error.title);
  engine.log(`emitted ${task.emit.event.with.type}`);
  return scope.input;
}
