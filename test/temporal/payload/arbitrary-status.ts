import type { DescMessage } from "@bufbuild/protobuf";
import fc, { type Arbitrary } from "fast-check";
import { AgentExecutionStatusSchema } from "../../../src/agentexecution/v1.js";
import type { ExecutionStatus } from "../../../src/execution/execution.js";
import { WorkflowExecutionStatusSchema } from "../../../src/workflowexecution/v1.js";
import { arbitraryMessage } from "../../redaction/arbitrary-message.js";

const schemas: DescMessage[] = [WorkflowExecutionStatusSchema, AgentExecutionStatusSchema];

/** A text of up to 60,000 characters, of one kind: some take more bytes than others. */
export const arbitraryText: Arbitrary<string> = fc
  .tuple(fc.constantFrom("x", "ü", "漢", "😀", "\u0001", '"'), fc.nat(60_000))
  .map(([character, length]) => character.repeat(length / character.length));

/** Any status of either kind, with an error that may be long and numbers that may have no JSON form. */
export const arbitraryStatus: Arbitrary<ExecutionStatus> = fc
  .tuple(
    fc.oneof(...schemas.map((schema) => arbitraryMessage(schema, 3))) as Arbitrary<ExecutionStatus>,
    fc.option(arbitraryText),
    fc.option(fc.constantFrom(1, Number.NaN, Number.NEGATIVE_INFINITY)),
  )
  .map(([status, error, ratio]) => {
    if (error !== null) status.error = error;
    if (ratio !== null && "output" in status) status.output = { ratio };
    if (ratio !== null && "toolCalls" in status) {
      for (const call of status.toolCalls) call.args = { ratio };
    }
    return status;
  });
