import { create } from "@bufbuild/protobuf";
import { AgentExecutionSpecSchema } from "../agentexecution/v1.js";
import type { Execution, ExecutionSpec } from "../execution/execution.js";
import { typeNames } from "../execution/kinds.js";
import { WorkflowExecutionSpecSchema } from "../workflowexecution/v1.js";
import { type CallbackToken, callbackToken } from "./callback-token.js";
import { specOf } from "./spec-of.js";

/**
 * Puts a copy of the callback token into the spec, and creates the spec when the execution has
 * none. To take a token out, use `clearCallbackToken`.
 *
 * Throws a `CallbackTokenError` with code `empty`, `too-long` or `not-bytes` for what is no token,
 * and with code `wrong-message` for another message; nothing is changed then.
 */
export function setCallbackToken(target: Execution | ExecutionSpec, token: CallbackToken): void {
  const spec = specOf(target);
  const copy = callbackToken(token);
  if (spec !== undefined) {
    spec.callbackToken = copy;
  } else if (target.$typeName === typeNames.WorkflowExecution.execution) {
    target.spec = create(WorkflowExecutionSpecSchema, { callbackToken: copy });
  } else if (target.$typeName === typeNames.AgentExecution.execution) {
    target.spec = create(AgentExecutionSpecSchema, { callbackToken: copy });
  }
}
