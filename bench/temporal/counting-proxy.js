import { once } from "node:events";
import { connect, createServer } from "node:http2";

/** @import { AddressInfo } from "node:net" */

/**
 * @typedef {object} CountingProxy
 * @property {string} address
 * @property {() => Map<string, number>} calls so far, by method; without polls, which only wait
 * @property {() => void} stop
 */

/**
 * Passes gRPC calls on to a Temporal server, and counts them.
 *
 * @param {string} target host and port
 * @returns {Promise<CountingProxy>}
 */
export async function startCountingProxy(target) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  /** @type {Set<import("node:http2").Http2Session>} */
  const sessions = new Set();
  const connectToTarget = () => {
    const session = connect(`http://${target}`);
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
    return session;
  };
  let upstream = connectToTarget();
  const server = createServer();
  server.on("session", (session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
  });
  server.on("stream", (stream, { ":path": path, ":method": method, ...headers }) => {
    const name = String(path).split("/").at(-1) ?? "";
    if (!name.startsWith("Poll")) counts.set(name, (counts.get(name) ?? 0) + 1);
    // Temporal wants a new connection every five minutes (frontend.keepAliveMaxConnectionAge).
    if (upstream.closed) upstream = connectToTarget();
    const call = upstream.request(
      { ...headers, ":path": path, ":method": method, ":authority": target },
      { endStream: false },
    );
    /** @type {import("node:http2").IncomingHttpHeaders} */
    let trailers = {};
    call.on("response", (answer, flags) => {
      // HTTP/2, 8.1: a response without a body has its trailers in the headers.
      const endStream = (flags & 1) === 1;
      stream.respond(answer, { endStream, waitForTrailers: !endStream });
    });
    call.on("trailers", (sent) => {
      trailers = sent;
    });
    stream.on("wantTrailers", () => {
      if (!stream.destroyed) stream.sendTrailers(trailers);
    });
    stream.on("aborted", () => call.close(8));
    for (const side of [stream, call]) side.on("error", () => {});
    stream.pipe(call);
    call.pipe(stream);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    address: `127.0.0.1:${/** @type {AddressInfo} */ (server.address()).port}`,
    calls: () => new Map(counts),
    stop() {
      for (const session of sessions) session.destroy();
      server.close();
    },
  };
}
