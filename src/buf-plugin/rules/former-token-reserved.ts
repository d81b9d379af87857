import type { DescMessage } from "@bufbuild/protobuf";
import { executionKinds, tokenFields } from "../../execution/kinds.js";
import { fieldNamed, isResource, knownMessagesOf } from "../descriptors.js";
import type { Files, Rule } from "../rule.js";

export const formerTokenReserved: Rule = {
  id: "STIGMER_FORMER_TOKEN_RESERVED",
  purpose:
    "Checks that the numbers that callback_token had in the statuses of ai.stigmer stay reserved with its name.",
  type: "lint",
  *check(files) {
    for (const [message, number] of statusesOf(files)) {
      // A token in a status is what STIGMER_CALLBACK_TOKEN_IN_SPEC reports.
      if (fieldNamed(message, "callback_token") !== undefined) continue;
      if (!files.checked.includes(message.file)) continue;
      const { reservedName, reservedRange } = message.proto;
      const isNameReserved = reservedName.includes("callback_token");
      const isNumberReserved = reservedRange.some(
        ({ start = 0, end = 0 }) => start <= number && number < end,
      );
      if (isNameReserved && isNumberReserved) continue;
      const missing = [
        ...(isNumberReserved ? [] : [`${number}`]),
        ...(isNameReserved ? [] : ['"callback_token"']),
      ];
      yield {
        at: message,
        message: `Message "${message.name}" must reserve ${missing.join(" and ")}: executions written before the token moved to the spec still carry it in field ${number}, and a new field there would show that secret as its own value.`,
      };
    }
  },
};

/**
 * The messages that had a token once, by whatever name they have now, each with its number: the status
 * of an execution in any version of our packages. Nobody else's status ever had one there.
 */
function statusesOf(files: Files): ReadonlyMap<DescMessage, number> {
  const statuses = new Map<DescMessage, number>();
  for (const message of knownMessagesOf(files)) {
    if (!message.file.proto.package.startsWith("ai.stigmer.") || message.parent) continue;
    for (const kind of executionKinds) {
      if (!message.file.proto.package.split(".").includes(kind.toLowerCase())) continue;
      const status =
        message.name === `${kind}Status`
          ? message
          : message.name === kind && isResource(message)
            ? fieldNamed(message, "status")?.message
            : undefined;
      if (status !== undefined) statuses.set(status, tokenFields[kind][1]);
    }
  }
  return statuses;
}
