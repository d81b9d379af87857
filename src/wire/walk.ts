import { scan, type Visit } from "./scan.js";

/**
 * Calls `visit` for each message with one of two field numbers; with 0 as the first, once for all of
 * the bytes.
 */
export function walk(bytes: Uint8Array, outer: number, other: number, visit: Visit): void {
  if (outer) scan(bytes, 0, bytes.length, outer, visit, other);
  else visit(0, 0, 0, bytes.length, 0);
}
