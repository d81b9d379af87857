import type { ExecutionStatus } from "../../execution/execution.js";
import { outcomeOf } from "../../execution/outcome-of.js";
import { executionFailure } from "../payload/execution-failure.js";
import { fitStatus } from "../payload/fit-status.js";
import { bytesFor } from "../payload/payload-limit.js";
import { resultProblem } from "../payload/result-problem.js";

/** The result of an activity whose execution has ended so: a status that fits, or a failure. */
export function resultOf<S extends ExecutionStatus>(status: S, payloadLimit: number): S {
  switch (outcomeOf(status)) {
    case "failed":
      throw executionFailure("ExecutionFailed", status, { payloadLimit });
    case "cancelled":
      throw executionFailure("ExecutionCancelled", status, { payloadLimit });
    default: {
      const problem = resultProblem(status);
      if (problem !== undefined) {
        throw executionFailure("ExecutionResultInvalid", status, {
          message: problem,
          payloadLimit,
        });
      }
      return fitStatus(status, bytesFor(payloadLimit));
    }
  }
}
