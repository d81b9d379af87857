import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A network between a browser and a server, which can fail and remembers what came through. */
export interface Relay {
  readonly url: string;

  /** All bytes that the browser was sent, headers included, one connection after the other. */
  received(): Buffer;

  /** Breaks every connection. New ones are accepted. */
  drop(): void;

  /** Breaks every connection and refuses new ones until `up`. */
  down(): Promise<void>;

  up(): Promise<void>;
  stop(): Promise<void>;
}

/** Passes everything on to the server at this address. */
export async function startRelay(target: string): Promise<Relay> {
  const { hostname, port: targetPort } = new URL(target);
  const sockets = new Set<Socket>();
  const connections: Buffer[][] = [];
  const relay = createServer((socket) => {
    const upstream = connect(Number(targetPort), hostname);
    const chunks: Buffer[] = [];
    connections.push(chunks);
    upstream.on("data", (chunk) => chunks.push(chunk));
    for (const [from, to] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on("error", () => {});
      from.on("close", (hadError) => {
        sockets.delete(from);
        if (hadError) to.destroy();
      });
    }
  });

  async function listen(port: number): Promise<number> {
    relay.listen(port, "127.0.0.1");
    await once(relay, "listening");
    return (relay.address() as AddressInfo).port;
  }

  function drop(): void {
    for (const socket of sockets) socket.destroy();
  }

  async function down(): Promise<void> {
    if (!relay.listening) return;
    relay.close();
    drop();
    await once(relay, "close");
  }

  const port = await listen(0);
  return {
    url: `http://127.0.0.1:${port}`,
    received: () => Buffer.concat(connections.flat()),
    drop,
    down,
    up: async () => void (await listen(port)),
    stop: down,
  };
}
