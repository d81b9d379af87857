const part = 12;
const piece = 6;
/** Characters by which a piece is looked for: no form of one is shorter. */
const beginning = 6;

/**
 * The secrets that a text shows, whole or in part, in one of the forms that bytes are usually
 * printed in: raw, Base64, Base64url, hex, or a list of numbers. Returns which ones and how.
 */
export function findSecrets(text: string, secrets: readonly (Uint8Array | string)[]): string[] {
  const all = secrets.map((secret) => Buffer.from(secret));
  const there = shownOf(text, beginningsOf(all.filter(({ length }) => length > part)));
  return all.flatMap((bytes, index) => {
    const shown = forms
      .filter(([, written]) => shows(text, there, bytes, written))
      .map(([form]) => form);
    // Of its parts, bytes that are no text would all look the same.
    if (bytes.length > 0 && text.includes(bytes.toString("utf8"))) shown.push("UTF-8 text");
    return shown.map((form) => `secret ${index} as ${form}`);
  });
}

/** Those of some beginnings that stand in the text. */
function shownOf(text: string, beginnings: ReadonlySet<string>): ReadonlySet<string> {
  const shown = new Set<string>();
  if (beginnings.size === 0) return shown;
  // By hashes, which each character of a long text costs a few nanoseconds, and each secret none.
  const hashes = new Uint8Array(hashMask + 1);
  for (const characters of beginnings) hashes[hashOf(characters)] = 1;
  let hash = 0;
  for (let at = 0; at < text.length; at++) {
    hash = addToHash(hash, text.charCodeAt(at));
    if (hashes[hash] === 0) continue;
    const characters = text.slice(Math.max(at + 1 - beginning, 0), at + 1);
    if (beginnings.has(characters)) shown.add(characters);
  }
  return shown;
}

const hashMask = 2 ** 18 - 1;

/** Three bits on for each character, so that those before the last six have left it. */
function addToHash(hash: number, character: number): number {
  return ((hash << 3) ^ character) & hashMask;
}

function hashOf(characters: string): number {
  return [...characters].reduce((hash, character) => addToHash(hash, character.charCodeAt(0)), 0);
}

/** How all pieces begin, in all forms. */
function beginningsOf(secrets: readonly Buffer[]): ReadonlySet<string> {
  const pieces = secrets.flatMap((bytes) =>
    startsOfPieces(bytes).map((at) => bytes.subarray(at, at + piece)),
  );
  return new Set(
    pieces.flatMap((bytes) => forms.map(([, written]) => written(bytes).slice(0, beginning))),
  );
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

/** @param there Which of the beginnings of pieces stand in the text. */
function shows(text: string, there: ReadonlySet<string>, bytes: Buffer, written: Written): boolean {
  if (bytes.length === 0) return false;
  if (bytes.length <= part) return text.includes(written(bytes));
  const write = (start: number, length: number) => written(bytes.subarray(start, start + length));
  return startsOfPieces(bytes).some((at) => {
    const written = write(at, piece);
    if (!there.has(written.slice(0, beginning)) || !text.includes(written)) return false;
    const starts = [at - 6, at - 3, at].filter(
      (start) => start >= 0 && start + part <= bytes.length,
    );
    return starts.some((start) => text.includes(write(start, part)));
  });
}

/**
 * Every part has one of these pieces in it, at a distance of whole three-byte groups from its start,
 * which have the same Base64 wherever they stand at such a border. So the parts themselves need to be
 * looked for only beside a piece that is there.
 */
function startsOfPieces({ length }: Buffer): number[] {
  return Array.from({ length: length - piece + 1 }, (_, at) => at).filter((at) => at % 9 <= 2);
}
