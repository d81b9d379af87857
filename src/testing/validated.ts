import type { DescMethod, DescService, Message } from "@bufbuild/protobuf";
import { Code, ConnectError, type HandlerContext, type ServiceImpl } from "@connectrpc/connect";
import type { Execution } from "../execution/execution.js";
import { BadRequestSchema } from "../rpc/bad-request.js";
import { summarizeViolations } from "../validation/summarize-violations.js";
import { validateMessage } from "../validation/validate-message.js";

/**
 * The handlers of a service, made to refuse every request that breaks an invariant of the contract.
 * This is not an interceptor, because a service's own interceptors replace those of its server.
 *
 * `restore` puts into an update what its sender could not read.
 */
export function validated<S extends DescService>(
  handlers: Partial<ServiceImpl<S>>,
  restore: (request: never) => void = () => {},
): Partial<ServiceImpl<S>> {
  return Object.fromEntries(
    Object.entries(handlers as Record<string, Handler>).map(([name, handle]) => [
      name,
      (request: Message, context: HandlerContext) => {
        if (name === "update") restore(request as never);
        assertValid(context.method, request);
        return handle(request, context);
      },
    ]),
  ) as Partial<ServiceImpl<S>>;
}

type Handler = (request: Message, context: HandlerContext) => unknown;

function assertValid(method: DescMethod, message: Message): void {
  const violations = validateMessage(message);
  if (method.name === "update" && (message as Execution).metadata?.id === "") {
    violations.push({
      field: "metadata.id",
      rule: "string.min_len",
      message: "must name the execution to update",
    });
  }
  if (violations.length === 0) return;
  const summary = summarizeViolations(method.input.typeName, violations);
  const fieldViolations = summary.shown.map(({ field, rule, message: description }) => ({
    field,
    description,
    reason: rule as string,
  }));
  if (summary.omitted > 0) {
    const description = `${summary.omitted} more violations`;
    fieldViolations.push({ field: "", description, reason: "omitted" });
  }
  throw new ConnectError(summary.message, Code.InvalidArgument, undefined, [
    { desc: BadRequestSchema, value: { fieldViolations } },
  ]);
}
