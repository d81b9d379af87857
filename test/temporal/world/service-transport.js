import { createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";

/**
 * A transport to the execution service of a world.
 *
 * @param {{ url: string, protocol: "connect" | "grpc", key?: string | undefined }} service
 * @param {import("@connectrpc/connect").Interceptor[]} [interceptors]
 */
export function transportTo({ url, protocol, key }, interceptors = []) {
  /** @type {import("@connectrpc/connect").Interceptor} */
  const withKey = (next) => (call) => {
    if (key) call.header.set("authorization", key);
    return next(call);
  };
  const options = { baseUrl: url, interceptors: [withKey, ...interceptors] };
  return protocol === "grpc"
    ? createGrpcTransport(options)
    : createConnectTransport({ ...options, httpVersion: "1.1" });
}
