import type { Execution } from "../../execution/execution.js";
import { kindOfId } from "../../execution/kinds.js";
import { outcomeOf } from "../../execution/outcome-of.js";
import type { ExecutionQueries } from "../../handshake/index.js";
import { namesToken } from "../../handshake/read-token.js";
import { isNotFound } from "../../handshake/status-code.js";
import { textOf } from "../../text-of.js";
import { hasCallbackToken } from "../../token/index.js";
import { withheldHeader } from "../../withheld-header.js";
import { ExecutionPhase } from "../../workflowexecution/v1.js";
import type { ExecutionReaders } from "../execution-clients.js";
import { withoutBytes } from "../log/without-bytes.js";
import type { OpenHandshake } from "./open-handshake.js";

/** What a reader sees of an execution, without its token. */
export type SeenExecution =
  | {
      readonly phase: NonNullable<OpenHandshake["phase"]>;
      readonly token: NonNullable<OpenHandshake["token"]>;
      readonly hasBegun: boolean;
      readonly hasEnded: boolean;
      /** The runner's workflow, if the execution tells it. */
      readonly runnerWorkflowId: string | undefined;
    }
  | "deleted"
  | { readonly unreadable: string };

const timeoutMs = 10_000;

export async function readExecution(
  executions: ExecutionReaders,
  id: string,
): Promise<SeenExecution> {
  const kind = kindOfId(id);
  if (kind === undefined) return { unreadable: `${id} is no id of an execution` };
  const { queries } = kind === "AgentExecution" ? executions.agent : executions.workflow;
  let withheld: string | null = null;
  try {
    const execution = await (queries as ExecutionQueries<Execution>).get(
      { value: id },
      {
        signal: AbortSignal.timeout(timeoutMs),
        onHeader: (headers) => {
          withheld = headers.get(withheldHeader);
        },
      },
    );
    return seen(execution, namesToken(withheld));
  } catch (error) {
    if (isNotFound(error)) return "deleted";
    return { unreadable: `${id}: ${withoutBytes(textOf(error))}` };
  }
}

function seen(execution: Execution, isWithheld: boolean): SeenExecution {
  const { status } = execution;
  // The phases of both kinds have the same numbers; a test holds this.
  const phase: number = status?.phase ?? 0;
  const name = ExecutionPhase[phase] as keyof typeof ExecutionPhase | undefined;
  return {
    phase: name ?? "EXECUTION_PHASE_UNSPECIFIED",
    token: isWithheld ? "withheld" : hasCallbackToken(execution) ? "present" : "absent",
    hasBegun: phase > ExecutionPhase.EXECUTION_PENDING,
    hasEnded: outcomeOf(status) !== undefined,
    runnerWorkflowId:
      status && "temporalWorkflowId" in status ? status.temporalWorkflowId || undefined : undefined,
  };
}
