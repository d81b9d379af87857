import { HandshakeError } from "@stigmer/apis/handshake";
import required from "./required.cjs";

console.log(required.HandshakeError === HandshakeError ? "one instance" : "two instances");
