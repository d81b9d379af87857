import { isMessage, type JsonObject } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { ExecutionStatus } from "@stigmer/apis";
import { WorkflowExecutionStatusSchema } from "@stigmer/apis/workflowexecution/v1";
import { ApplicationFailure } from "@temporalio/common";
import { callHttp } from "../call-http.js";
import type { Clients } from "../clients.js";
import { environmentOf } from "../environment.js";
import type { Scope } from "../evaluate.js";
import { type HttpCall, type NamedTask, parseWorkflow } from "../parse-workflow.js";

/** What the runner's workflows do in the world outside. */
export interface RunnerActivities {
  parseWorkflow(yaml: string): Promise<NamedTask[]>;
  publishStatus(executionId: string, status: ExecutionStatus): Promise<void>;
  callHttp(executionId: string, call: HttpCall, scope: Scope): Promise<JsonObject>;
}

/** The clients must be allowed to read secrets. */
export function createRunnerActivities({ workflow, agent }: Clients): RunnerActivities {
  return {
    async parseWorkflow(yaml) {
      try {
        return parseWorkflow(yaml);
      } catch (error) {
        throw ApplicationFailure.nonRetryable(String(error), "InvalidWorkflow");
      }
    },

    async publishStatus(executionId, status) {
      try {
        if (isMessage(status, WorkflowExecutionStatusSchema)) {
          await workflow.commands.updateStatus({ executionId, status });
        } else {
          await agent.commands.updateStatus({ executionId, status });
        }
      } catch (error) {
        const { code, message } = ConnectError.from(error);
        if (!isFinal(code)) throw error;
        throw ApplicationFailure.nonRetryable(message, "StatusRefused");
      }
    },

    // Reads the secrets where they are used, so that they are not in Temporal's history.
    async callHttp(executionId, call, scope) {
      const execution = await workflow.queries.get({ value: executionId });
      return callHttp(call, { ...scope, secrets: environmentOf(execution).secrets });
    },
  };
}

/** Whether the same call would be refused again: the execution was deleted, or has ended. */
function isFinal(code: Code): boolean {
  return [Code.NotFound, Code.FailedPrecondition, Code.InvalidArgument].includes(code);
}
