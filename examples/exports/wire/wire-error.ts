import { peekCallbackToken, WireError } from "@stigmer/apis/wire";

// A spec (field 4) of 100 bytes, of which only one has arrived.
const bytes = Uint8Array.of((4 << 3) | 2, 100, 0);

try {
  peekCallbackToken("WorkflowExecution", bytes);
} catch (error) {
  if (!(error instanceof WireError)) throw error;
  console.log(error.code, error.offset); // => truncated 0
}
