export { listOpenHandshakes, type OpenHandshakesOptions } from "./list-open-handshakes.js";
export type { HandshakeState, OpenHandshake } from "./open-handshake.js";
