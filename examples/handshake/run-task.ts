import type { JsonObject } from "@bufbuild/protobuf";
import { callWorkflow } from "./caller.js";
import { evaluate, evaluateObject, type Scope } from "./evaluate.js";
import type { HttpCall, TaskDefinition } from "./parse-workflow.js";
import type { World } from "./world.js";

/** Runs one task and returns its output. */
export async function runTask(
  world: World,
  task: TaskDefinition,
  scope: Scope,
): Promise<JsonObject> {
  if ("set" in task) return evaluateObject(task.set, scope);
  if ("call" in task) return callHttp(task.with, scope);
  if ("run" in task) return runNested(world, task.run.workflow.name);
  if ("raise" in task) throw new Error(task.raise.error.title);
  world.log("runner", `emitted ${task.emit.event.with.type}`);
  return scope.input;
}

async function callHttp(call: HttpCall, scope: Scope): Promise<JsonObject> {
  let response: Response;
  try {
    response = await fetch(String(evaluate(call.endpoint.uri, scope)), {
      method: call.method.toUpperCase(),
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${evaluate(call.endpoint.authentication.bearer.token, scope)}`,
      },
      body: JSON.stringify(evaluate(call.body, scope)),
    });
  } catch {
    // What fetch throws may quote a header, and with it the secret.
    throw new Error("the called service cannot be reached");
  }
  if (!response.ok) throw new Error(`the called service answered ${response.status}`);
  return (await response.json()) as JsonObject;
}

// The task is an activity of its own: it gets its own token, which the nested execution reports to.
async function runNested(world: World, workflowId: string): Promise<JsonObject> {
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
