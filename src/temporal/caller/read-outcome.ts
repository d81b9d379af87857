import { ApplicationFailure, ApplicationFailureCategory } from "@temporalio/common";
import type { AgentExecution } from "../../agentexecution/v1.js";
import type { ExecutionStatus } from "../../execution/execution.js";
import { outcomeOf } from "../../execution/outcome-of.js";
import type { ExecutionQueries } from "../../handshake/index.js";
import { ExecutionPhase, type WorkflowExecution } from "../../workflowexecution/v1.js";
import { refusalOf } from "./refusal-of.js";
import { resultOf } from "./result-of.js";

/** Reads an execution once; see `ExecutionActivities.ReadOutcome`. */
export async function readOutcome(
  queries: ExecutionQueries<WorkflowExecution> | ExecutionQueries<AgentExecution>,
  executionId: string,
  payloadLimit: number,
): Promise<ExecutionStatus> {
  const { status } = await queries.get({ value: executionId }).catch((error: unknown) => {
    throw refusalOf(error) ?? error;
  });
  if (status !== undefined && outcomeOf(status)) return resultOf(status, payloadLimit);
  throw ApplicationFailure.create({
    type: "ExecutionNotEnded",
    message: `${executionId} is ${ExecutionPhase[status?.phase ?? 0]}`,
    category: ApplicationFailureCategory.BENIGN,
  });
}
