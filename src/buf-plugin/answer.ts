import { encode, type Value } from "./encode.js";

export type Format = "binary" | "json";

/** Encodes the response of a procedure, a pluginrpc.v1.Response. */
export function answer(typeName: string, value: Value, format: Format): Uint8Array | string {
  const typeUrl = `type.googleapis.com/${typeName}`;
  return format === "json"
    ? JSON.stringify({ value: { "@type": typeUrl, ...value } })
    : encode("pluginrpc.v1.Response", {
        value: { type_url: typeUrl, value: encode(typeName, value) },
      });
}
