import { type DescMessage, equals } from "@bufbuild/protobuf";
import { AgentExecutionSpecSchema } from "../agentexecution/v1.js";
import { cloneExecution } from "../clone-execution.js";
import type { Execution } from "../execution.js";
import { type CallbackToken, clearCallbackToken } from "../token/index.js";
import { WorkflowExecutionSpecSchema } from "../workflowexecution/v1.js";
import type { ExecutionReader, ExecutionWriter } from "./execution-client.js";
import { isTerminal } from "./is-terminal.js";
import { isFailedPrecondition } from "./status-code.js";
import { withToken } from "./with-token.js";

/**
 * Gives an execution that an earlier attempt has created the token of this attempt; the earlier
 * token is dead. `execution` is the caller's own request, with the `metadata.id` that it was created
 * under: its spec and its owner are compared, so that nobody re-arms, or gets the result of, what
 * somebody else has asked for.
 *
 * Returns the execution. When it has ended already, the token is not needed: its status is the
 * activity's result. The argument is not changed.
 *
 * Throws a `CallbackTokenError` for a token that cannot be one, and what `writer` and `reader`
 * throw: FAILED_PRECONDITION when spec or owner differ, or when the execution was created without a
 * token, and NOT_FOUND when there is none with this id.
 */
export async function rearmExecution<E extends Execution>(
  execution: E,
  token: CallbackToken,
  writer: ExecutionWriter<NoInfer<E>>,
  reader: ExecutionReader<NoInfer<E>>,
): Promise<E> {
  try {
    return await writer.update(withToken(execution, token));
  } catch (error) {
    if (!isFailedPrecondition(error)) throw error;
    const current = await reader.get({ value: execution.metadata?.id ?? "" });
    if (isTerminal(current) && asksForTheSame(current, execution)) return current;
    throw error;
  }
}

function asksForTheSame(a: Execution, b: Execution): boolean {
  const schema: DescMessage =
    a.$typeName === "ai.stigmer.agentic.workflowexecution.v1.WorkflowExecution"
      ? WorkflowExecutionSpecSchema
      : AgentExecutionSpecSchema;
  const [one, other] = [withoutSecrets(a).spec, withoutSecrets(b).spec];
  return (
    one !== undefined &&
    other !== undefined &&
    equals(schema, one, other) &&
    a.metadata?.org === b.metadata?.org &&
    a.metadata?.slug === b.metadata?.slug &&
    a.metadata?.ownerScope === b.metadata?.ownerScope
  );
}

// The token of each attempt is another, and the service may withhold secrets from this reader.
function withoutSecrets(execution: Execution): Execution {
  const copy = cloneExecution(execution);
  clearCallbackToken(copy);
  for (const entry of Object.values(copy.spec?.runtimeEnv ?? {})) {
    if (entry.isSecret) entry.value = "";
  }
  return copy;
}
