/** Not with instanceof: in a workflow's sandbox, bytes may come from outside of it. */
export function isBytes(value: unknown): boolean {
  return Object.prototype.toString.call(value) === "[object Uint8Array]";
}
