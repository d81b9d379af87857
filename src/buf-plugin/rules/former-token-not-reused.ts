import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { messagesOf } from "../descriptors.js";
import type { Rule } from "../rule.js";
import { otherVersionsOf, successorsOf } from "../successors.js";

export const formerTokenNotReused: Rule = {
  id: "STIGMER_FORMER_TOKEN_NOT_REUSED",
  purpose:
    "Checks that what a message reserves for a former callback_token is not free when the message has another name, nor used in another version of its package.",
  type: "breaking",
  *check(files, against) {
    for (const was of messagesOf(against)) {
      if (!was.proto.reservedName.includes("callback_token")) continue;
      const numbers = was.proto.reservedRange;
      // buf reports what a message of the same name does not reserve any more.
      const renamed = [...successorsOf(was, files, against)].filter(
        ({ typeName }) => typeName !== was.typeName,
      );
      for (const message of new Set([...renamed, ...otherVersionsOf(was, files)])) {
        const used = message.fields.filter(({ number }) => includes(numbers, number));
        for (const at of used) yield { at, was, message: reused(was, at) };
      }
      for (const message of renamed) {
        const isFree = numbers.some(
          ({ start = 0, end = 0 }) =>
            !message.fields.some(({ number }) => start <= number && number < end) &&
            !includes(message.proto.reservedRange, start),
        );
        if (isFree) yield { at: message, was, message: freed(was, message) };
      }
    }
  },
};

type Ranges = readonly { readonly start?: number; readonly end?: number }[];

function includes(ranges: Ranges, number: number): boolean {
  return ranges.some(({ start = 0, end = 0 }) => start <= number && number < end);
}

function textOf({ proto: { reservedRange } }: DescMessage): string {
  return reservedRange
    .map(({ start = 0, end = 0 }) => (end - start > 1 ? `${start} to ${end - 1}` : `${start}`))
    .join(", ");
}

function reused(was: DescMessage, at: DescField): string {
  return `Field "${at.name}" on message "${at.parent.typeName}" uses number ${at.number}, which "${was.typeName}" reserves for a former callback_token. Bytes written before still carry a token there, and "${at.name}" shows that secret as its own value. Give it another number, and reserve ${at.number} and "callback_token".`;
}

function freed(was: DescMessage, at: DescMessage): string {
  return `Message "${at.name}" reads the bytes that "${was.name}" read, and does not reserve what that reserved for a former callback_token. The next field with such a number shows that secret as its own value. Reserve ${textOf(was)} and "callback_token".`;
}
