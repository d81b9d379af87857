import { bytesFor, textBytes } from "./payload-limit.js";

const shortBytes = 16 * 1024;

/** A text that fits into a payload together with so many other bytes: itself, or its beginning. */
export function fitText(text: string, payloadLimit: number, otherBytes = 0): string {
  const bytes = textBytes(JSON.stringify(text));
  return bytes + otherBytes <= bytesFor(payloadLimit) ? text : shorten(text, shortBytes);
}

/** The beginning of a text that is longer than so many bytes of UTF-8, with a mark that says so. */
export function shorten(text: string, maxBytes: number): string {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= maxBytes) return text;
  // A character that was cut through decodes to U+FFFD.
  const beginning = new TextDecoder().decode(bytes.subarray(0, maxBytes)).replace(/\uFFFD+$/, "");
  return `${beginning}… [cut: ${textBytes(beginning)} of ${bytes.length} bytes]`;
}
