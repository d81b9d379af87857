/** Not with instanceof, which does not know the bytes of another realm. */
export function checkBytes(where: string, value: Uint8Array): void {
  if (value?.[Symbol.toStringTag] !== "Uint8Array") {
    throw new TypeError(`${where}: expected a Uint8Array, got ${typeof value}`);
  }
}
