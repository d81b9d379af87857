/**
 * How many bytes a payload may have that is sent to Temporal: `blobSizeLimitError` of a server with
 * default settings, 2 MiB.
 */
export const defaultPayloadLimit: number = 2 * 1024 * 1024;

// For what is around a message: metadata, a token of at most 8 KiB, the envelope of a codec.
const margin = 16 * 1024;

/** How many bytes of it a message may take; half of it where the limit is about as small as the margin. */
export function bytesFor(payloadLimit: number): number {
  return Math.max(payloadLimit - margin, Math.floor(payloadLimit / 2));
}

/** Bytes of a text in UTF-8. */
export function textBytes(text: string): number {
  return new TextEncoder().encode(text).length;
}
