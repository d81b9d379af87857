import type { Path } from "./field-numbers.js";
import { scan, type Visit } from "./scan.js";
import { walk } from "./walk.js";

/**
 * Where the last of the messages starts, and the last of the fields, which is the one that decoders
 * keep, with its value; -1 for what there is not.
 */
export type Last = readonly [message: number, field: number, value: number, end: number];

export function lastOf(bytes: Uint8Array, [outer, inner]: Path): Last {
  let message = -1;
  let field = -1;
  let start = -1;
  let stop = -1;
  const onField: Visit = (tag, _length, value, end) => {
    field = tag;
    start = value;
    stop = end;
  };
  const onMessage: Visit = (tag, _length, value, end) => {
    message = tag;
    scan(bytes, value, end, inner, onField);
  };
  walk(bytes, outer, outer, onMessage);
  return [message, field, start, stop];
}
