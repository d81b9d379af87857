/**
 * Messages of protobuf-es as Temporal payloads. The module itself can be the `payloadConverterPath` of
 * workers and clients. Needs `@temporalio/common`.
 */

export { contractRegistry } from "./contract-registry.js";
export { createPayloadConverter } from "./create-payload-converter.js";
export { payloadConverter } from "./payload-converter.js";
export { ProtobufEsBinaryPayloadConverter } from "./protobuf-es-binary-payload-converter.js";
export { ProtobufEsJsonPayloadConverter } from "./protobuf-es-json-payload-converter.js";
export type { ProtobufEsRegistryInput } from "./protobuf-es-payload-converter.js";
