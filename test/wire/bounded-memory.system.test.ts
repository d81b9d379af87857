import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { afterEach, describe, expect, it } from "vitest";
import {
  migrateCallbackToken,
  peekCallbackToken,
  removeCallbackToken,
  replaceCallbackToken,
  WireError,
} from "../../src/wire/index.js";
import { group, join, oldToken, spec, status, tag, token, varint } from "./encode.js";
import { refusalOf } from "./fixtures.js";

const kind = "WorkflowExecution";
const newToken = new Uint8Array(132).fill(7);

const functions: [name: string, call: (bytes: Uint8Array) => Uint8Array | undefined][] = [
  ["peekCallbackToken", (bytes) => peekCallbackToken(kind, bytes)],
  ["removeCallbackToken", (bytes) => removeCallbackToken(kind, bytes)],
  ["replaceCallbackToken", (bytes) => replaceCallbackToken(kind, bytes, newToken)],
  ["migrateCallbackToken", (bytes) => migrateCallbackToken(kind, bytes).bytes],
];

function many(part: Uint8Array, size: number): Uint8Array {
  return Buffer.alloc(size - (size % part.length), part);
}

const hostile: [name: string, make: (size: number) => Uint8Array][] = [
  ["empty specs", (size) => many(spec(), size)],
  ["specs with a token", (size) => many(spec(token(1)), size)],
  ["one spec with tokens", (size) => spec(many(token(1), size))],
  [
    "one spec with tokens and other fields",
    (size) => spec(many(join(token(1), tag(9, 0), 1), size)),
  ],
  ["specs with a long token", (size) => many(spec(token(new Uint8Array(300))), size)],
  ["statuses with an old token", (size) => many(status(oldToken(1)), size)],
  ["one status with old tokens", (size) => status(many(oldToken(1), size))],
  ["one old token", (size) => status(oldToken(new Uint8Array(size)))],
  [
    "an old token that the spec has too",
    (size) => join(spec(token(new Uint8Array(size))), status(oldToken(new Uint8Array(size)))),
  ],
  ["group starts", (size) => many(tag(9, 3), size)],
  ["empty groups", (size) => many(group(9), size)],
  ["varints of ten bytes", (size) => many(join(tag(9, 0), varint(2n ** 69n)), size)],
];

// Not a global stub of vitest's, whose Uint8Array is that of the tests too.
const { Uint8Array: original } = globalThis;
afterEach(() => {
  globalThis.Uint8Array = original;
});

function allocationsOf<Result>(call: () => Result): { result: Result; sizes: number[] } {
  const sizes: number[] = [];
  globalThis.Uint8Array = new Proxy(original, {
    construct(target, [size], newTarget) {
      sizes.push(size);
      return Reflect.construct(target, [size], newTarget);
    },
  });
  try {
    return { result: call(), sizes };
  } finally {
    globalThis.Uint8Array = original;
  }
}

describe.each(functions)("%s", (name, call) => {
  it.each(hostile)("copies once or not at all, for %s", (_, make) => {
    const bytes = make(20_000);
    const { result, sizes } = allocationsOf(() => orRefusal(() => call(bytes)));
    const isNew = result !== undefined && result !== bytes && name !== "peekCallbackToken";
    expect(sizes).toEqual(isNew ? [result.length] : []);
  });

  it.each(hostile)("reads a byte a few times at most, for %s", (_, make) => {
    const bytes = make(20_000);
    let reads = 0;
    const counted = new Proxy(bytes, {
      get(target, key) {
        if (typeof key === "string" && /^\d/.test(key)) reads++;
        const value = Reflect.get(target, key, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    orRefusal(() => call(counted));
    expect(reads).toBeLessThanOrEqual(8 * bytes.length);
  });
});

// Of memory that nothing is written to, the system gives none.
it("refuses to make a spec of 2 GiB, before it makes a copy", () => {
  const bytes = new Uint8Array(2 ** 31 - 1);
  const content = bytes.length - 6;
  bytes.set(join(tag(4, 2), varint(content), tag(9, 2), varint(content - 6)));
  expect(peekCallbackToken(kind, bytes)).toBeUndefined();
  expect(removeCallbackToken(kind, bytes)).toBe(bytes);
  const { result, sizes } = allocationsOf(() =>
    refusalOf(() => replaceCallbackToken(kind, bytes, newToken)),
  );
  expect(result).toEqual({ code: "length-overflow", offset: 0 });
  expect(sizes).toEqual([]);
});

function orRefusal<Result>(call: () => Result): Result | undefined {
  try {
    return call();
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

// A heap this small has no room for something that is kept for each field.
it("lives in a small heap with inputs of 16 MB", () => {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL("small-heap.ts", import.meta.url))],
    bundle: true,
    format: "esm",
    platform: "node",
    write: false,
  });
  const program = outputFiles[0]?.text ?? "";
  const flags = ["--max-old-space-size=16", "--max-semi-space-size=1", "--input-type=module"];
  const output = execFileSync(process.execPath, flags, { input: program, encoding: "utf8" });
  expect(output).toBe("40 calls\n");
});
