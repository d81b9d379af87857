import { bytesFor, textBytes } from "./payload-limit.js";

// Of a text that is too long, so much tells why.
const shortBytes = 16 * 1024;

// What the mark of a shortened text takes, and more.
const markBytes = 64;

/** A text that fits into a payload together with so many other bytes: itself, or its beginning. */
export function fitText(text: string, payloadLimit: number, otherBytes = 0): string {
  const room = bytesFor(payloadLimit) - otherBytes;
  let fitted = text;
  let bytes = Math.min(shortBytes, Math.max(0, room - markBytes));
  // JSON writes some characters with six bytes for one.
  for (; textBytes(JSON.stringify(fitted)) > room; bytes = Math.floor(bytes / 2)) {
    fitted = beginningOf(text, bytes);
    if (bytes === 0) break;
  }
  return fitted;
}

/** The beginning of a text that is longer than so many bytes of UTF-8, with a mark that says so. */
export function beginningOf(text: string, maxBytes: number = shortBytes): string {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= maxBytes) return text;
  // A character that was cut through decodes to U+FFFD.
  const beginning = new TextDecoder().decode(bytes.subarray(0, maxBytes)).replace(/\uFFFD+$/, "");
  return `${beginning}… [cut: ${textBytes(beginning)} of ${bytes.length} bytes]`;
}
