import {
  BinaryPayloadConverter,
  CompositePayloadConverter,
  JsonPayloadConverter,
  UndefinedPayloadConverter,
} from "@temporalio/common";
import { ProtobufEsBinaryPayloadConverter } from "./protobuf-es-binary-payload-converter.js";
import { ProtobufEsJsonPayloadConverter } from "./protobuf-es-json-payload-converter.js";
import type { ProtobufEsRegistryInput } from "./protobuf-es-payload-converter.js";

/** What a `DefaultPayloadConverterWithProtobufsEs` converts. */
export interface DefaultPayloadConverterWithProtobufsEsOptions {
  /** The messages to convert. */
  readonly registry: ProtobufEsRegistryInput;
}

/**
 * The payload converter that `createPayloadConverter` makes. Its name and options are the ones that
 * Temporal's SDK is going to have (temporalio/sdk-typescript, issue 2045).
 */
export class DefaultPayloadConverterWithProtobufsEs extends CompositePayloadConverter {
  constructor({ registry }: DefaultPayloadConverterWithProtobufsEsOptions) {
    // The order of Temporal's other SDKs: the first that takes a value writes it.
    super(
      new UndefinedPayloadConverter(),
      new BinaryPayloadConverter(),
      new ProtobufEsJsonPayloadConverter(registry),
      new ProtobufEsBinaryPayloadConverter(registry),
      new JsonPayloadConverter(),
    );
  }
}
