import { scan, type Visit } from "./scan.js";

/**
 * Calls `onField` for each field `inner` in each message `outer` of the bytes, and `onMessage` after
 * each of these messages. With `outer` 0, the bytes are the message.
 */
export function walk(
  bytes: Uint8Array,
  outer: number,
  inner: number,
  onField: Visit,
  onMessage?: Visit,
): void {
  const visit: Visit = (tag, length, value, end) => {
    scan(bytes, value, end, inner, onField);
    onMessage?.(tag, length, value, end);
  };
  if (outer === 0) visit(0, 0, 0, bytes.length);
  else scan(bytes, 0, bytes.length, outer, visit);
}
