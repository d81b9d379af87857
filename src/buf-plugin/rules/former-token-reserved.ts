import { executionKinds, tokenFields, typeNames } from "../../execution/kinds.js";
import { fieldNamed } from "../descriptors.js";
import type { Rule } from "../rule.js";

export const formerTokenReserved: Rule = {
  id: "STIGMER_FORMER_TOKEN_RESERVED",
  purpose:
    "Checks that the numbers that callback_token had in the statuses stay reserved with its name.",
  type: "lint",
  *check(files) {
    for (const kind of executionKinds) {
      const [, number] = tokenFields[kind];
      const message = files.message(typeNames[kind].status);
      // A token in a status is what STIGMER_CALLBACK_TOKEN_IN_SPEC reports.
      if (message === undefined || fieldNamed(message, "callback_token") !== undefined) continue;
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
