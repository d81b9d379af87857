import { create, type DescMessage, fromBinary, toBinary } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import fc from "fast-check";
import { AgentExecutionSchema, AgentExecutionSpecSchema } from "../../src/agentexecution/v1.js";
import {
  CallbackTokenError,
  callbackToken,
  type Execution,
  type ExecutionSpec,
} from "../../src/index.js";
import {
  WorkflowExecutionSchema,
  WorkflowExecutionSpecSchema,
} from "../../src/workflowexecution/v1.js";

export type Target = Execution | ExecutionSpec;

/** A kind of message that carries a callback token. */
export interface Carrier {
  readonly name: string;
  readonly schema: DescMessage;
  readonly make: (callbackToken?: Uint8Array) => Target;
}

const workflow = { workflowId: "wfl-1", triggerMessage: "nightly" };
const agent = { agentId: "agt-1", message: "Summarise the report." };
const none = new Uint8Array();

export const executions: Carrier[] = [
  {
    name: "WorkflowExecution",
    schema: WorkflowExecutionSchema,
    make: (callbackToken = none) =>
      create(WorkflowExecutionSchema, {
        kind: "WorkflowExecution",
        spec: { ...workflow, callbackToken },
        status: { temporalWorkflowId: "wf-7" },
      }),
  },
  {
    name: "AgentExecution",
    schema: AgentExecutionSchema,
    make: (callbackToken = none) =>
      create(AgentExecutionSchema, {
        kind: "AgentExecution",
        spec: { ...agent, callbackToken },
        status: { error: "none so far" },
      }),
  },
];

export const carriers: Carrier[] = [
  ...executions,
  {
    name: "WorkflowExecutionSpec",
    schema: WorkflowExecutionSpecSchema,
    make: (callbackToken = none) =>
      create(WorkflowExecutionSpecSchema, { ...workflow, callbackToken }),
  },
  {
    name: "AgentExecutionSpec",
    schema: AgentExecutionSpecSchema,
    make: (callbackToken = none) => create(AgentExecutionSpecSchema, { ...agent, callbackToken }),
  },
];

/** The spec of a target that has one. */
export function specIn(target: Target): ExecutionSpec {
  const spec = "apiVersion" in target ? target.spec : target;
  if (spec === undefined) throw new Error("the target has no spec");
  return spec;
}

export function encode({ schema }: Carrier, target: Target): Uint8Array {
  return toBinary(schema, target);
}

export function decode({ schema }: Carrier, bytes: Uint8Array): Target {
  return fromBinary(schema, bytes) as Target;
}

/** What the unknown fields of `decodeLater` hold. */
export const later = "from a later contract";

/** Decodes a message that a later version of the contract wrote: it and its spec have a new field. */
export function decodeLater(carrier: Carrier, target: Target): Target {
  const added = new BinaryWriter().tag(1000, WireType.LengthDelimited).string(later).finish();
  const bytes = [encode(carrier, target), added];
  if ("apiVersion" in target) {
    const specField = 4;
    bytes.push(new BinaryWriter().tag(specField, WireType.LengthDelimited).bytes(added).finish());
  }
  return decode(carrier, Uint8Array.from(Buffer.concat(bytes)));
}

/** A token with the look of Temporal's: the first bytes name the namespace, whatever the activity. */
export const taskToken = callbackToken(
  Buffer.from(
    "\n$5f0c1f5e-3c1b-4d8e-9a55-0d0b3f1d2e11\x12\x0bnightly-run\x1a$8d1f3a52-77aa-4c40-8f0e-91d5b2a6c0de" +
      " \x05(\x012\x015B\x0fcall-stigmer",
    "latin1",
  ),
);

/** The content of any token. */
export const tokenBytes = fc.oneof(
  { weight: 9, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 300, size: "max" }) },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 8000, maxLength: 8192, size: "max" }) },
);

/** What a `CallbackTokenError` says that a call throws. */
export function refusal(call: () => unknown): { code: string; message: string } {
  try {
    call();
  } catch (error) {
    if (!(error instanceof CallbackTokenError)) throw error;
    return { code: error.code, message: error.message };
  }
  throw new Error("nothing was thrown");
}
