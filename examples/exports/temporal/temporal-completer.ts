import { fileURLToPath } from "node:url";
import { callbackToken } from "@stigmer/apis";
import { HandshakeError } from "@stigmer/apis/handshake";
import { temporalCompleter } from "@stigmer/apis/temporal";
import { Client, Connection } from "@temporalio/client";

const connection = await Connection.connect({
  address: process.env.TEMPORAL_ADDRESS ?? "localhost:7233",
});
const client = new Client({
  connection,
  // The namespace of the callers.
  namespace: "default",
  dataConverter: {
    payloadConverterPath: fileURLToPath(
      import.meta.resolve("@stigmer/apis/temporal/payload-converter"),
    ),
  },
});

// For reportOutcome(execution, completer, queries), or to heartbeat with a token.
const completer = temporalCompleter(client);

try {
  await completer.heartbeat(callbackToken(Uint8Array.of(1, 2, 3)));
} catch (error) {
  if (!(error instanceof HandshakeError)) throw error;
  console.log(error.code); // => invalid-token
}
await connection.close();
