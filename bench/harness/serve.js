import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import {
  connectNodeAdapter,
  createConnectTransport,
  Http2SessionManager,
} from "@connectrpc/connect-node";

/** @import { AddressInfo, Server } from "node:net" */
/** @import { ConnectRouterOptions, ConnectRouter, Transport } from "@connectrpc/connect" */
/** @import { ConnectTransportOptions } from "@connectrpc/connect-node" */

/** @typedef {Pick<ConnectTransportOptions, "acceptCompression" | "useBinaryFormat">} Format */

/**
 * A server of a few routes, and how to reach it.
 *
 * @typedef {object} Served
 * @property {string} baseUrl
 * @property {(format: Format) => Transport} connect
 * @property {() => void} stop
 */

/** @typedef {(options: ConnectRouterOptions & { routes(router: ConnectRouter): void }) => Promise<Served>} Serve */

/** @type {Serve} */
export async function serveHttp1(options) {
  const server = createHttpServer(connectNodeAdapter(options));
  const baseUrl = await listen(server);
  return {
    baseUrl,
    connect: (format) => createConnectTransport({ httpVersion: "1.1", baseUrl, ...format }),
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** @type {Serve} */
export async function serveH2c(options) {
  const server = createHttp2Server(connectNodeAdapter(options));
  const baseUrl = await listen(server);
  const sessionManager = new Http2SessionManager(baseUrl);
  return {
    baseUrl,
    connect: (format) =>
      createConnectTransport({ httpVersion: "2", baseUrl, sessionManager, ...format }),
    stop() {
      sessionManager.abort();
      server.close();
    },
  };
}

/** @param {Server} server */
async function listen(server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {AddressInfo} */ (server.address());
  return `http://127.0.0.1:${port}`;
}
