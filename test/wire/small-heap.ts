// Run by bounded-memory.system.test.ts, in a process of its own.
import {
  migrateCallbackToken,
  peekCallbackToken,
  removeCallbackToken,
  replaceCallbackToken,
  WireError,
} from "../../src/wire/index.js";
import { group, join, oldToken, spec, status, tag, token, varint } from "./encode.js";

const kind = "WorkflowExecution";
const newToken = new Uint8Array(132).fill(7);
const size = 16 * 2 ** 20;

function many(part: Uint8Array): Uint8Array {
  return Buffer.alloc(size - (size % part.length), part);
}

/** The content as a field: `join` takes numbers, of which there is no room for so many. */
function field(number: number, content: Uint8Array): Uint8Array {
  return Buffer.concat([tag(number, 2), varint(content.length), content]);
}

const inputs = [
  () => many(spec()),
  () => many(spec(token(1))),
  () => field(4, many(token(1))),
  () => field(4, many(join(token(1), tag(9, 0), 1))),
  () => many(status(oldToken(1))),
  () => field(5, many(oldToken(1))),
  () => field(5, field(11, new Uint8Array(size))),
  () => many(tag(9, 3)),
  () => many(tag(9, 3, 5)),
  () => many(group(9)),
];
const functions = [
  (bytes: Uint8Array) => peekCallbackToken(kind, bytes),
  (bytes: Uint8Array) => removeCallbackToken(kind, bytes),
  (bytes: Uint8Array) => replaceCallbackToken(kind, bytes, newToken),
  (bytes: Uint8Array) => migrateCallbackToken(kind, bytes),
];

let calls = 0;
for (const make of inputs) {
  const bytes = make();
  for (const call of functions) {
    try {
      call(bytes);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
    }
    calls++;
  }
}
console.log(`${calls} calls`);
