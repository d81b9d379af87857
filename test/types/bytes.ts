// Not run but compiled, by `npm run typecheck`: bytes that are the caller's own go where the web
// platform takes no memory that is shared.

import { webcrypto } from "node:crypto";
import {
  type CallbackToken,
  callbackToken,
  getCallbackToken,
  parseCallbackToken,
} from "../../src/index.js";
import {
  migrateCallbackToken,
  peekCallbackToken,
  removeCallbackToken,
  replaceCallbackToken,
} from "../../src/wire/index.js";
import type { WorkflowExecution } from "../../src/workflowexecution/v1.js";

declare const own: Uint8Array<ArrayBuffer>;
declare const shared: Uint8Array<SharedArrayBuffer>;
declare const either: Uint8Array;
declare const execution: WorkflowExecution;

const kind = "WorkflowExecution";

// A token is a copy, wherever it comes from.
const token: CallbackToken = callbackToken(shared);
export const tokens: (Uint8Array<ArrayBuffer> | undefined)[] = [
  token,
  callbackToken(either),
  parseCallbackToken("AQID"),
  getCallbackToken(execution),
];
export const sent = new Response(token);
export const digest = webcrypto.subtle.digest("SHA-256", token);
export const asBytes: Uint8Array = token;

// Edited bytes are new ones or those that were given.
export const edited: Uint8Array<ArrayBuffer>[] = [
  replaceCallbackToken(kind, own, either),
  removeCallbackToken(kind, own),
  migrateCallbackToken(kind, own).bytes,
];
export const posted = fetch("https://stigmer.example", {
  method: "POST",
  body: replaceCallbackToken(kind, own, token),
});
export const maybeShared: Uint8Array[] = [
  replaceCallbackToken(kind, shared, token),
  removeCallbackToken(kind, either),
  migrateCallbackToken(kind, shared).bytes,
];
// @ts-expect-error there may be nothing to remove
export const notOwn: Uint8Array<ArrayBuffer> = removeCallbackToken(kind, shared);

// A view has the memory that it looks at.
export const view: Uint8Array<ArrayBuffer> | undefined = peekCallbackToken(kind, own);
export const sharedView: Uint8Array<SharedArrayBuffer> | undefined = peekCallbackToken(
  kind,
  shared,
);
// @ts-expect-error its memory may be shared
export const notOwnView: Uint8Array<ArrayBuffer> | undefined = peekCallbackToken(kind, either);

// What a program has written down of these keeps compiling.
export const readers: ((kind: "AgentExecution", bytes: Uint8Array) => Uint8Array | undefined)[] = [
  peekCallbackToken,
  removeCallbackToken,
];
