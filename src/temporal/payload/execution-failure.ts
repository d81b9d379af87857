import { type JsonValue, toJson } from "@bufbuild/protobuf";
import { ApplicationFailure } from "@temporalio/common";
import type { ExecutionStatus } from "../../execution/execution.js";
import { schemaOf } from "../../execution/schemas.js";
import { failureText, hasFailed, isSystem } from "../../handshake/failure-text.js";
import { fitStatus } from "./fit-status.js";
import { fitText } from "./fit-text.js";
import { bytesFor, textBytes } from "./payload-limit.js";
import { shallowCopy } from "./shallow-copy.js";

/** What a failure says of which nobody has said why. */
const defaultMessages = {
  ExecutionFailed: "the execution failed",
  ExecutionCancelled: "the execution was cancelled",
  ExecutionResultInvalid: "the execution completed, but its result cannot be delivered",
};

/** The message of a failure when nobody has said why. */
export const failedWithoutText: string = defaultMessages.ExecutionFailed;

/** The types of the failures that an execution that did not complete ends its activity with. */
export type ExecutionFailureType = keyof typeof defaultMessages;

const leastStatusBytes = 1024;

/**
 * How an execution that did not complete ends the activity that waits for it: as an
 * `ApplicationFailure` that is not retried, with the execution's status as its only detail. The
 * message is what the status says, unless another is given; it stands in the failure once, and not
 * in the status again. What is too large together is cut: first the status, then the message.
 */
export function executionFailure(
  type: ExecutionFailureType,
  status: ExecutionStatus,
  { message, payloadLimit, asJson = false }: FailureForm,
): ApplicationFailure {
  const fitted = fitFailure(
    message || failureText(status) || defaultMessages[type],
    status,
    payloadLimit,
  );
  const detail: ExecutionStatus | JsonValue = asJson
    ? toJson(schemaOf(fitted.status), fitted.status)
    : fitted.status;
  const failure = ApplicationFailure.create({
    type,
    message: fitted.message,
    nonRetryable: true,
    details: [detail],
  });
  // It would only repeat the message, and tell where in this package the failure was made.
  failure.stack = "";
  return failure;
}

export interface FailureForm {
  readonly message?: string | undefined;
  readonly payloadLimit: number;
  /** Whether the detail is plain JSON, for a caller that knows no messages. */
  readonly asJson?: boolean;
}

/** A failure's message and status, which take no more bytes together than a payload may. */
export function fitFailure<S extends ExecutionStatus>(
  message: string,
  status: S,
  payloadLimit: number,
): { message: string; status: S } {
  const text = fitText(message, payloadLimit, leastStatusBytes);
  const room = bytesFor(payloadLimit) - textBytes(JSON.stringify(text));
  return { message: text, status: fitStatus(withoutText(status, message), room) };
}

/** A copy of a status in which the text of its failure does not stand again, in whatever field it did. */
function withoutText<S extends ExecutionStatus>(status: S, text: string): S {
  const copy = shallowCopy(status);
  copy.error = "";
  const isAll = failureText(copy) === text;
  const without = (said: string) => (isAll || said === text ? "" : said);
  if ("messages" in copy) {
    copy.messages = copy.messages.map((message) =>
      isSystem(message)
        ? Object.assign(shallowCopy(message), { content: without(message.content) })
        : message,
    );
  } else {
    copy.tasks = copy.tasks.map((task) =>
      hasFailed(task) ? Object.assign(shallowCopy(task), { error: without(task.error) }) : task,
    );
  }
  return copy;
}
