import type { DescMessage, DescMethod, Message, MessageShape } from "@bufbuild/protobuf";
import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";
import type { Execution } from "../execution.js";
import { formatViolations } from "../validation/format-violations.js";
import { validateMessage } from "../validation/validate-message.js";
import { badRequestSchema } from "./bad-request.js";

/** Refuses every request that breaks an invariant of the contract, before it is handled. */
export const validateRequests: Interceptor = (next) => (request) => {
  const { method } = request;
  if (!request.stream) {
    assertValid(method, request.message);
    return next(request);
  }
  return next({ ...request, message: validEach(method, request.message) });
};

async function* validEach<Desc extends DescMessage>(
  method: DescMethod & { input: Desc },
  messages: AsyncIterable<MessageShape<Desc>>,
): AsyncIterable<MessageShape<Desc>> {
  for await (const message of messages) {
    assertValid(method, message);
    yield message;
  }
}

function assertValid(method: DescMethod, message: Message): void {
  const violations = validateMessage(method.input, message);
  if (method.name === "update" && (message as Execution).metadata?.id === "") {
    violations.push({
      field: "metadata.id",
      rule: "string.min_len",
      message: "must name the execution to update",
    });
  }
  if (violations.length === 0) return;
  const fieldViolations = violations.map(({ field, rule, message: description }) => ({
    field,
    description,
    reason: rule,
  }));
  throw new ConnectError(
    formatViolations(method.input.typeName, violations),
    Code.InvalidArgument,
    undefined,
    [{ desc: badRequestSchema(), value: { fieldViolations } }],
  );
}
