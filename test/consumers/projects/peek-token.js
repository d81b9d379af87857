// An app that reads tokens from encoded bytes.
import { peekCallbackToken } from "@stigmer/apis/wire";

const encoded = Uint8Array.of(0x22, 5, 0x3a, 3, 1, 2, 3);
console.log(peekCallbackToken("WorkflowExecution", encoded)?.join());
