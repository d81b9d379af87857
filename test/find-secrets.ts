const part = 12;

/**
 * The secrets that a text shows, whole or in part, in one of the forms that bytes are usually
 * printed in: raw, Base64, Base64url, hex, or a list of numbers. Returns which ones and how.
 */
export function findSecrets(text: string, secrets: readonly (Uint8Array | string)[]): string[] {
  return secrets.flatMap((secret, index) => {
    const bytes = Buffer.from(secret);
    return forms(bytes)
      .filter(([, pieces]) => pieces.some((piece) => piece !== "" && text.includes(piece)))
      .map(([form]) => `secret ${index} as ${form}`);
  });
}

function forms(bytes: Buffer): [form: string, pieces: string[]][] {
  const windows = Array.from({ length: Math.max(1, bytes.length - part + 1) }, (_, start) =>
    bytes.subarray(start, start + part),
  );
  const hex = windows.map((window) => window.toString("hex"));
  return [
    ["text", windows.map((window) => window.toString("latin1"))],
    ["UTF-8 text", [bytes.toString("utf8")]],
    // A whole number of three-byte groups has the same Base64 wherever it stands at such a border.
    ["Base64", windows.map((window) => window.toString("base64"))],
    ["Base64url", windows.map((window) => window.toString("base64url"))],
    ["hex", hex],
    ["upper-case hex", hex.map((piece) => piece.toUpperCase())],
    ["numbers", windows.map((window) => [...window].join(","))],
    ["spaced numbers", windows.map((window) => [...window].join(", "))],
  ];
}
