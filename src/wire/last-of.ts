import type { Path } from "./field-numbers.js";
import { scan, type Visit } from "./scan.js";
import { walk } from "./walk.js";

/** As offsets; -1 for what there is not. */
export interface Last {
  /** Where the last of the messages starts. */
  message: number;
  /** Where the last of the fields starts, which is the one that decoders keep. */
  field: number;
  value: number;
  end: number;
}

export function lastOf(bytes: Uint8Array, [outer, inner]: Path): Last {
  const last = { message: -1, field: -1, value: -1, end: -1 };
  const onField: Visit = (tag, _length, value, end) => {
    last.field = tag;
    last.value = value;
    last.end = end;
  };
  const onMessage: Visit = (tag, _length, value, end) => {
    last.message = tag;
    scan(bytes, value, end, inner, onField);
  };
  walk(bytes, outer, outer, onMessage);
  return last;
}
