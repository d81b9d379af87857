// A payload codec that encrypts all that Temporal's history would show in clear text: the token in
// the input of a runner's workflow, and whatever else is an argument, a result or a detail. Give it
// to the data converter of every client and worker that shares the payloads.

import type { webcrypto } from "node:crypto";
import { METADATA_ENCODING_KEY, type Payload, type PayloadCodec } from "@temporalio/common";
import { temporal } from "@temporalio/proto";

const encoding = new TextEncoder().encode("binary/encrypted");
const nonceBytes = 12;
const { Payload: payloadType } = temporal.api.common.v1;

/** Encrypts with AES-256-GCM (NIST SP 800-38D); a fresh nonce stands before each ciphertext. */
export function aesGcmCodec(key: webcrypto.CryptoKey): PayloadCodec {
  return {
    encode: (payloads) =>
      Promise.all(
        payloads.map(async (payload): Promise<Payload> => {
          const nonce = crypto.getRandomValues(new Uint8Array(nonceBytes));
          const plain = payloadType.encode(payload).finish();
          const cipher = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, key, plain);
          const data = new Uint8Array(nonceBytes + cipher.byteLength);
          data.set(nonce);
          data.set(new Uint8Array(cipher), nonceBytes);
          return { metadata: { [METADATA_ENCODING_KEY]: encoding }, data };
        }),
      ),

    decode: (payloads) =>
      Promise.all(
        payloads.map(async (payload): Promise<Payload> => {
          const { metadata, data } = payload;
          const name = new TextDecoder().decode(metadata?.[METADATA_ENCODING_KEY] ?? undefined);
          // What was written before there was a codec is read as it is.
          if (name !== "binary/encrypted" || !data) return payload;
          const [iv, cipher] = [data.slice(0, nonceBytes), data.slice(nonceBytes)];
          const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, cipher);
          return payloadType.decode(new Uint8Array(plain));
        }),
      ),
  };
}
