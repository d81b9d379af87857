// Not run but compiled, by `npm run typecheck`: what a user's program may say and what it may not.
// An `@ts-expect-error` above a line that compiles is an error itself.

import { create } from "@bufbuild/protobuf";
import { StructSchema } from "@bufbuild/protobuf/wkt";
import { AgentExecutionSchema, AgentExecutionSpecSchema } from "../../src/agentexecution/v1.js";
import {
  type CallbackToken,
  CallbackTokenError,
  callbackToken,
  clearCallbackToken,
  describeCallbackToken,
  type ExecutionSpec,
  formatCallbackToken,
  getCallbackToken,
  hasCallbackToken,
  parseCallbackToken,
  setCallbackToken,
} from "../../src/index.js";
import {
  assertValidExecution,
  ValidationError,
  type Violation,
  validateExecution,
} from "../../src/validation/index.js";
import {
  WorkflowExecutionSchema,
  WorkflowExecutionSpecSchema,
  WorkflowExecutionStatusSchema,
} from "../../src/workflowexecution/v1.js";

const bytes = Uint8Array.of(1, 2, 3);
const text = "AQID";
const struct = create(StructSchema);
const status = create(WorkflowExecutionStatusSchema);
const workflow = create(WorkflowExecutionSchema);
const workflowSpec = create(WorkflowExecutionSpecSchema);
const agent = create(AgentExecutionSchema);
const agentSpec = create(AgentExecutionSpecSchema);
const plain = { spec: { callbackToken: bytes } };

// A token is made from bytes or text, and is bytes.
const token: CallbackToken = callbackToken(bytes);
export const fromBuffer: CallbackToken = callbackToken(Buffer.from(text, "base64"));
export const fromText: CallbackToken = parseCallbackToken(text);
export const asBytes: Uint8Array = token;
export const inMessage = create(WorkflowExecutionSpecSchema, { callbackToken: token });
// @ts-expect-error bytes become a token by callbackToken only
export const unchecked: CallbackToken = bytes;
// @ts-expect-error a slice of a token is no token
export const slice: CallbackToken = token.slice(1);
// @ts-expect-error text is read by parseCallbackToken
callbackToken(text);
// @ts-expect-error bytes are read by callbackToken
parseCallbackToken(bytes);
// @ts-expect-error numbers are no bytes
callbackToken([1, 2, 3]);

// Every helper takes an execution or the spec of one, of either kind.
for (const target of [workflow, workflowSpec, agent, agentSpec]) {
  setCallbackToken(target, token);
  const found: CallbackToken | undefined = getCallbackToken(target);
  const flags: boolean[] = [hasCallbackToken(target), clearCallbackToken(target)];
  console.log(found === undefined ? flags : describeCallbackToken(found));
}
for (const spec of [workflow.spec, agent.spec] satisfies (ExecutionSpec | undefined)[]) {
  if (spec !== undefined) getCallbackToken(spec);
  // @ts-expect-error the spec may be missing
  getCallbackToken(spec);
}

// Another message is no target,
// @ts-expect-error
getCallbackToken(struct);
// @ts-expect-error
getCallbackToken(status);
// @ts-expect-error
hasCallbackToken(status);
// @ts-expect-error
setCallbackToken(status, token);
// @ts-expect-error
clearCallbackToken(status);
// nor is a plain object
// @ts-expect-error
getCallbackToken(plain);
// @ts-expect-error
hasCallbackToken(plain);
// @ts-expect-error
setCallbackToken(plain, token);
// @ts-expect-error
clearCallbackToken(plain);
// or nothing.
// @ts-expect-error
getCallbackToken(undefined);
// @ts-expect-error
getCallbackToken(null);

// Plain bytes, text, or a token that may be missing are no token.
// @ts-expect-error
setCallbackToken(workflow, bytes);
// @ts-expect-error
setCallbackToken(workflow, text);
// @ts-expect-error
setCallbackToken(workflow, getCallbackToken(agent));
// @ts-expect-error
formatCallbackToken(bytes);
// @ts-expect-error
describeCallbackToken(bytes);
// @ts-expect-error
describeCallbackToken(text);

// Only a whole execution is validated.
const violations: Violation[] = validateExecution(workflow);
assertValidExecution(agent);
// @ts-expect-error
validateExecution(workflowSpec);
// @ts-expect-error
assertValidExecution(struct);
// @ts-expect-error
validateExecution(plain);

// Codes and rules are closed sets.
export function handle(error: unknown): void {
  if (error instanceof CallbackTokenError) {
    const code: "empty" | "too-long" | "not-bytes" | "malformed" | "wrong-message" | "conflict" =
      error.code;
    // @ts-expect-error no such code
    console.log(code, error.code === "too-short");
  }
  if (error instanceof ValidationError) {
    const code: "invalid" | "wrong-message" = error.code;
    // @ts-expect-error no such rule
    console.log(code, error.violations[0]?.rule === "string.email");
    // @ts-expect-error the list is not the caller's to change
    error.violations.push(...violations);
  }
}
