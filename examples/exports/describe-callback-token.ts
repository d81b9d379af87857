import { describeCallbackToken, parseCallbackToken } from "@stigmer/apis";

const token = parseCallbackToken("dGFzayB0b2tlbiBvZiBhbiBhY3Rpdml0eQ==");

// Tells tokens apart in a log, and is of no use to whoever reads it.
console.log(describeCallbackToken(token)); // => 25 bytes, sha256:f3b5e50e
