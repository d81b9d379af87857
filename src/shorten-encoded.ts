/**
 * A text whose percent-encoded form, as it travels in `grpc-message`, has at most `limit` characters:
 * itself, or its beginning and its end with an ellipsis between them.
 */
export function shortenEncoded(text: string, limit: number): string {
  // A character is at least one when it is encoded, so of a long text not all needs to be looked at.
  if (text.length <= limit && encodedLength(text) <= limit) return text;
  const half = (limit - encodedLength("…")) / 2;
  const end = fitting([...text.slice(-limit)].reverse(), half).reverse();
  return `${fitting([...text.slice(0, limit)], half).join("")}…${end.join("")}`;
}

/** How long a text is once it is percent-encoded. */
export function encodedLength(text: string): number {
  return encodeURIComponent(wellFormed(text)).length;
}

function fitting(characters: readonly string[], limit: number): string[] {
  const taken: string[] = [];
  let length = 0;
  for (const character of characters.map(wellFormed)) {
    length += encodedLength(character);
    if (length > limit) break;
    taken.push(character);
  }
  return taken;
}

// Half a surrogate pair, as a cut leaves it, has no encoding. String.toWellFormed is not everywhere yet.
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\ufffd");
}
