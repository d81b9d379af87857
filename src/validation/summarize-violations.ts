import { encodedLength, shortenEncoded } from "../shorten-encoded.js";
import type { Violation } from "./violation.js";

/** What of many violations an error carries, whatever their number and the length of their paths. */
export interface ViolationSummary {
  /** One text that lists the first violations and counts the others. */
  readonly message: string;
  /** The first violations, their paths shortened. */
  readonly shown: readonly Violation[];
  /** How many there are beside these. */
  readonly omitted: number;
}

// gRPC sends the message twice, percent-encoded and in the Base64 of the details; clients in Python
// and Java take 8 KiB of metadata. With these, all trailers stay below 6 KiB.
const messageLimit = 1300;
const shownLimit = 1800;
const fieldLimit = 400;

/** The same violations always give the same summary. */
export function summarizeViolations(
  typeName: string,
  violations: readonly Violation[],
): ViolationSummary {
  const count = violations.length === 1 ? "1 violation" : `${violations.length} violations`;
  const lines = [`${typeName} has ${count}:`];
  const shown: Violation[] = [];
  let messageLength = encodedLength(lines[0] as string);
  let shownLength = 0;
  let isFull = false;
  for (const violation of violations) {
    const short = withShortPath(violation);
    shownLength += utf8Length(short.field + short.message + short.rule) + overhead;
    if (shownLength > shownLimit) break;
    shown.push(short);
    const line = `  ${short.field}: ${short.message}`;
    messageLength += encodedLength(`\n${line}`);
    isFull ||= messageLength > messageLimit;
    if (!isFull) lines.push(line);
  }
  const unlisted = violations.length - lines.length + 1;
  if (unlisted > 0) lines.push(`  and ${unlisted} more`);
  return { message: lines.join("\n"), shown, omitted: violations.length - shown.length };
}

/** A key of a map may be as long as all of the message. */
export function withShortPath(violation: Violation): Violation {
  return { ...violation, field: shortenEncoded(violation.field, fieldLimit) };
}

// Tags and lengths of a google.rpc.BadRequest.FieldViolation.
const overhead = 12;

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}
