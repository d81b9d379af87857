// The runner's workflows, one for each kind of execution. The id of a workflow is that of its
// execution.

import { create, type JsonObject } from "@bufbuild/protobuf";
import { parseCallbackToken } from "@stigmer/apis";
import type { AgentExecutionStatus } from "@stigmer/apis/agentexecution/v1";
import { ApiResourceOwnerScope } from "@stigmer/apis/apiresource";
import {
  decodeTemporalWorkflowInput,
  executeWorkflow,
  type TemporalWorkflowInput,
  type TemporalWorkflowOutput,
  toTemporalWorkflowOutput,
  type WorkflowInput,
  withCallback,
} from "@stigmer/apis/temporal/workflow";
import {
  type WorkflowExecution,
  WorkflowExecutionSchema,
  type WorkflowExecutionStatus,
} from "@stigmer/apis/workflowexecution/v1";
import {
  CancellationScope,
  isCancellation,
  log,
  proxyActivities,
  rootCause,
} from "@temporalio/workflow";
import { converse } from "../converse.js";
import { runTasks } from "../run-tasks.js";
import type { RunnerActivities } from "./runner-activities.js";

const { parseWorkflow, publishStatus } = proxyActivities<RunnerActivities>({
  startToCloseTimeout: "10s",
});
const { callHttp } = proxyActivities<RunnerActivities>({
  startToCloseTimeout: "30s",
  retry: { maximumAttempts: 3 },
});
// Less than half of the heartbeat timeouts of the callers.
const callback = { heartbeatInterval: "2s" } as const;

/** Runs a workflow execution: its name and its input are those of runners in other languages. */
export async function ExecuteServerlessWorkflow(
  encoded: TemporalWorkflowInput,
): Promise<TemporalWorkflowOutput> {
  const input = decodeTemporalWorkflowInput(encoded);
  const status = await withCallback(input, () => runWorkflow(input), callback);
  const { executionId } = input;
  return toTemporalWorkflowOutput(status, { executionId, workflowName: "stigmer-example" });
}

async function runWorkflow(input: WorkflowInput): Promise<WorkflowExecutionStatus> {
  const { executionId } = input;
  const workflowInput = {
    message: input.initialData ?? {},
    metadata: input.metadata ?? {},
    env: input.envVars ?? {},
  };
  const status = await runTasks(executionId, input.workflowYaml, workflowInput, {
    parseWorkflow,
    callHttp: (call, scope) => callHttp(executionId, call, scope),
    runWorkflow: (workflowId) => runNested(input, workflowId),
    publish: (status) => publishStatus(executionId, status),
    log: (step) => log.info(step),
    isCancellation,
    messageOf: (error) => rootCause(error) ?? String(error),
  });
  await publishEnd(executionId, status);
  return status;
}

// The task is an activity of its own: it gets its own token, which the nested execution reports to.
async function runNested(input: WorkflowInput, workflowId: string): Promise<JsonObject> {
  const { output = {} } = await executeWorkflow(nestedRequest(input, workflowId), {
    scheduleToCloseTimeout: "1 day",
    heartbeatTimeout: "5s",
  });
  log.info(`the task that ran ${workflowId} resumed with its result`);
  return output;
}

function nestedRequest(input: WorkflowInput, workflowId: string): WorkflowExecution {
  return create(WorkflowExecutionSchema, {
    apiVersion: "agentic.stigmer.ai/v1",
    kind: "WorkflowExecution",
    metadata: {
      name: `${workflowId} for ${input.executionId}`,
      org: input.orgId,
      ownerScope: ApiResourceOwnerScope.organization,
    },
    spec: {
      workflowId,
      triggerMessage: JSON.stringify(input.initialData ?? {}),
      triggerMetadata: textsOf(input.metadata),
      runtimeEnv: Object.fromEntries(
        Object.entries(textsOf(input.envVars)).map(([name, value]) => [name, { value }]),
      ),
    },
  });
}

function textsOf(object: JsonObject = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, String(value)]));
}

/** What the runner of an agent is given. */
export interface AgentInput {
  readonly executionId: string;
  readonly question: string;
  /** The callback token in Base64; empty when nobody waits. */
  readonly callbackToken: string;
}

/** Runs an agent execution. */
export async function RunAgent({
  executionId,
  question,
  callbackToken,
}: AgentInput): Promise<AgentExecutionStatus> {
  const token = callbackToken ? parseCallbackToken(callbackToken) : undefined;
  return withCallback(
    { executionId, callbackToken: token },
    async () => {
      const status = await converse(executionId, question, {
        publish: (status) => publishStatus(executionId, status),
        log: (step) => log.info(step),
      });
      await publishEnd(executionId, status);
      return status;
    },
    callback,
  );
}

/** First the status, then the report, which `withCallback` makes: also when the run was cancelled. */
async function publishEnd(
  executionId: string,
  status: WorkflowExecutionStatus | AgentExecutionStatus,
): Promise<void> {
  await CancellationScope.nonCancellable(() => publishStatus(executionId, status));
}
