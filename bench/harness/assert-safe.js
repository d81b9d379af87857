import { deepEqual, ok } from "node:assert/strict";
import { toJson } from "@bufbuild/protobuf";
import { WorkflowExecutionSchema } from "@stigmer/apis/workflowexecution/v1";

/** @import { WorkflowExecution } from "@stigmer/apis/workflowexecution/v1" */

/**
 * Throws unless what is shown of an execution, as JSON, is the whole of it but for its token and its
 * secret values.
 *
 * @param {any} shown
 * @param {WorkflowExecution} execution
 */
export function assertSafe(shown, execution) {
  /** @type {any} */
  const plain = toJson(WorkflowExecutionSchema, execution);
  const text = JSON.stringify(shown);
  for (const secret of secretsOf(plain)) ok(!text.includes(secret), "a secret is shown");
  deepEqual(maskSecrets(shown), maskSecrets(plain));
}

/** @param {any} execution */
function secretsOf({ spec }) {
  const values = Object.values(spec.runtimeEnv).filter(({ isSecret }) => isSecret);
  return [spec.callbackToken, ...values.map(({ value }) => value)];
}

/** @param {any} execution */
function maskSecrets(execution) {
  const masked = structuredClone(execution);
  masked.spec.callbackToken = "";
  for (const value of Object.values(masked.spec.runtimeEnv)) {
    if (value.isSecret) value.value = "";
  }
  return masked;
}
