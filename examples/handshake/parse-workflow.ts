import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import serverlessWorkflow from "@serverlessworkflow/sdk";
import { WorkflowTaskType } from "@stigmer/apis/workflowexecution/v1";

/** A task of the kinds that this runner can run, as the Serverless Workflow DSL writes it. */
export type TaskDefinition =
  | { set: JsonObject }
  | { call: "http"; with: HttpCall }
  | { emit: { event: { with: JsonObject } } }
  | { raise: { error: { title: string; status: number } } }
  | { run: { workflow: { name: string } } };

export interface HttpCall {
  method: string;
  endpoint: { uri: string; authentication: { bearer: { token: string } } };
  body: JsonValue;
}

export interface NamedTask {
  readonly name: string;
  readonly type: WorkflowTaskType;
  readonly definition: TaskDefinition;
}

/** The tasks of a Serverless Workflow 1.0 document in YAML, checked against the DSL's schema. */
export function parseWorkflow(yaml: string): NamedTask[] {
  const workflow = serverlessWorkflow.Classes.Workflow.deserialize(yaml);
  return workflow.do.flatMap((item) =>
    Object.entries(item).map(([name, task]) => {
      const definition = task as unknown as TaskDefinition;
      return { name, type: typeOf(name, definition), definition };
    }),
  );
}

function typeOf(name: string, task: TaskDefinition): WorkflowTaskType {
  if ("set" in task) return WorkflowTaskType.WORKFLOW_TASK_TRANSFORM;
  if ("call" in task) return WorkflowTaskType.WORKFLOW_TASK_API_CALL;
  if ("emit" in task || "raise" in task || "run" in task)
    return WorkflowTaskType.WORKFLOW_TASK_CUSTOM;
  throw new Error(`task ${name} is of a kind that this runner does not know`);
}
