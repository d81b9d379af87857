const part = 12;
const piece = 6;

/**
 * The secrets that a text shows, whole or in part, in one of the forms that bytes are usually
 * printed in: raw, Base64, Base64url, hex, or a list of numbers. Returns which ones and how.
 */
export function findSecrets(text: string, secrets: readonly (Uint8Array | string)[]): string[] {
  return secrets.flatMap((secret, index) => {
    const bytes = Buffer.from(secret);
    const shown = forms.filter(([, written]) => shows(text, bytes, written)).map(([form]) => form);
    // Of its parts, bytes that are no text would all look the same.
    if (bytes.length > 0 && text.includes(bytes.toString("utf8"))) shown.push("UTF-8 text");
    return shown.map((form) => `secret ${index} as ${form}`);
  });
}

type Written = (bytes: Buffer) => string;

const forms: readonly (readonly [form: string, written: Written])[] = [
  ["text", (bytes) => bytes.toString("latin1")],
  ["Base64", (bytes) => bytes.toString("base64")],
  ["Base64url", (bytes) => bytes.toString("base64url")],
  ["hex", (bytes) => bytes.toString("hex")],
  ["upper-case hex", (bytes) => bytes.toString("hex").toUpperCase()],
  ["numbers", (bytes) => [...bytes].join(",")],
  ["spaced numbers", (bytes) => [...bytes].join(", ")],
];

function shows(text: string, bytes: Buffer, written: Written): boolean {
  if (bytes.length === 0) return false;
  if (bytes.length <= part) return text.includes(written(bytes));
  const isAt = (start: number, length: number) =>
    text.includes(written(bytes.subarray(start, start + length)));
  // Every part has one of these pieces in it, at a distance of whole three-byte groups from its start,
  // which have the same Base64 wherever they stand at such a border. So the parts themselves need to be
  // looked for only beside a piece that is there.
  for (let at = 0; at + piece <= bytes.length; at++) {
    if (at % 9 > 2 || !isAt(at, piece)) continue;
    for (const start of [at - 6, at - 3, at]) {
      if (start >= 0 && start + part <= bytes.length && isAt(start, part)) return true;
    }
  }
  return false;
}
