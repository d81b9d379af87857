// Temporal's tokens are longer by far. What a log names is shorter: ids have up to 27 characters of
// mixed case, and a SHA-256 has 64 in hex.
const leastEncoded = 28;
const longHex = /[0-9a-f]{65}/i;

const mark = "[bytes]";

// Decimal and hex in one: looked for one after the other, each would leave pieces of a list of the
// other kind. Also with their indexes, as JSON shows a Uint8Array.
const numbers =
  /\b(?:(?:\d{1,3}|[\da-f][a-f]|[a-f]\d)[\s,:;"']{1,9}){15,}(?:\d{1,3}|[\da-f][a-f]|[a-f]\d)\b/gi;
const uuid = /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/i;
const encoded = /[\w+/=-]{28,}/g;
// What no text has but bytes that are shown as one, also escaped; not ESC, for a log's colours.
const control =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for.
  /[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\ufffd]|\\x(?!1b)[0-9a-f]{2}|\\u00(?!1b)[01][0-9a-f]|\\u\{(?!1b)[0-9a-f]{1,4}\}/i;

/** The text, with a mark in place of what can be bytes: raw, Base64, Base64url, hex or numbers. */
export function withoutBytes(text: string): string {
  if (text.length < leastEncoded) return text;
  return text
    .replace(/\S+/g, (word) => (control.test(word) ? mark : word))
    .replace(numbers, mark)
    .replace(encoded, (run) => (run.split(uuid).some(isEncoded) ? mark : run));
}

function isEncoded(run: string): boolean {
  if (longHex.test(run)) return true;
  for (let start = 0; start + leastEncoded <= run.length; start += leastEncoded / 4) {
    if (isMixed(run.slice(start, start + leastEncoded))) return true;
  }
  return false;
}

/** Whether lower case, upper case and digits alternate as they do in no name. */
function isMixed(run: string): boolean {
  const upper = run.match(/[A-Z]/g)?.length ?? 0;
  const lower = run.match(/[a-z]/g)?.length ?? 0;
  const words = run.match(/[A-Z]?[a-z]+|[A-Z]+|\d+/g)?.length ?? 0;
  return Math.min(upper, lower) >= run.length / 7 && words >= run.length / 2.7;
}
