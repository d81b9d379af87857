exports.HandshakeError = require("@stigmer/apis/handshake").HandshakeError;
