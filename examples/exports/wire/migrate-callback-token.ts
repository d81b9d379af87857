import { migrateCallbackToken, peekCallbackToken } from "@stigmer/apis/wire";

// Stored when the token was field 11 of the status (field 5): here one of three bytes, 7 8 9.
const stored = Uint8Array.of((5 << 3) | 2, 5, (11 << 3) | 2, 3, 7, 8, 9);

const { bytes, migration } = migrateCallbackToken("WorkflowExecution", stored);
console.log(migration); // => moved
console.log(peekCallbackToken("WorkflowExecution", bytes)?.join(" ")); // => 7 8 9
