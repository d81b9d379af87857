import {
  createRegistry,
  type DescMessage,
  isMessage,
  type Message,
  type Registry,
} from "@bufbuild/protobuf";
import { isFieldError } from "@bufbuild/protobuf/reflect";
import {
  ApplicationFailure,
  METADATA_ENCODING_KEY,
  METADATA_MESSAGE_TYPE_KEY,
  type Payload,
  PayloadConverterError,
  type PayloadConverterWithEncoding,
  ValueError,
} from "@temporalio/common";
import { converterMissing } from "../converter-missing.js";
import { hasLostBytes } from "./has-lost-bytes.js";

/** The messages to convert: a registry, or their schemas. */
export type ProtobufEsRegistryInput = Registry | readonly DescMessage[];

/** What both encodings of a message have in common: the metadata, the registry and the errors. */
export abstract class ProtobufEsPayloadConverter implements PayloadConverterWithEncoding {
  /** The `encoding` in the metadata of its payloads. */
  abstract readonly encodingType: string;
  protected readonly registry: Registry;

  /**
   * Messages whose type is not given here are refused, all of them when none is.
   *
   * Throws a `TypeError` for what is neither a registry nor an array.
   */
  constructor(registryOrSchemas: ProtobufEsRegistryInput = []) {
    this.registry = registryOf(registryOrSchemas);
  }

  protected abstract encode(schema: DescMessage, message: Message): Uint8Array;
  protected abstract decode(schema: DescMessage, data: Uint8Array): Message;

  /**
   * The payload of a message; undefined for anything else.
   *
   * Throws a `PayloadConverterError` when the message's type is not in the registry, a `ValueError`
   * when a field holds what does not fit, and an `ApplicationFailure` of type
   * `PayloadConverterMissing` for a message that has come through a converter that knows no messages:
   * a workflow would try anything else for ever.
   */
  toPayload(value: unknown): Payload | undefined {
    if (!isMessage(value)) return undefined;
    const schema = this.schemaOf(value.$typeName);
    return {
      metadata: {
        [METADATA_ENCODING_KEY]: new TextEncoder().encode(this.encodingType),
        [METADATA_MESSAGE_TYPE_KEY]: new TextEncoder().encode(schema.typeName),
      },
      data: this.withoutContent(`encode ${schema.typeName}`, () => {
        try {
          return this.encode(schema, value);
        } catch (error) {
          const where = `${this.encodingType} payload of ${schema.typeName}`;
          if (hasLostBytes(schema, value)) throw converterMissing(where, "a plain object");
          throw error;
        }
      }),
    };
  }

  /**
   * The message of a payload, which shares no bytes with it.
   *
   * Throws a `PayloadConverterError` when its type is not in the registry, and a `ValueError` when
   * type or data are missing, or when the data does not decode.
   */
  fromPayload<T>({ metadata, data }: Payload): T {
    const messageType = metadata?.[METADATA_MESSAGE_TYPE_KEY];
    if (!messageType?.length) {
      throw new ValueError(
        `${this.encodingType} payload: expected ${METADATA_MESSAGE_TYPE_KEY} in its metadata, got none`,
      );
    }
    const schema = this.schemaOf(new TextDecoder().decode(messageType));
    if (data === undefined || data === null) {
      throw new ValueError(
        `${this.encodingType} payload of ${schema.typeName}: expected data, got none`,
      );
    }
    // A copy, of this realm. Bytes of another one are not taken everywhere, and bytes fields are
    // views of what they are decoded from, which may be a buffer that the next payload overwrites.
    const own = new Uint8Array(data);
    return this.withoutContent(`decode ${schema.typeName}`, () => this.decode(schema, own)) as T;
  }

  private schemaOf(messageType: string): DescMessage {
    const schema = this.registry.getMessage(messageType);
    if (schema === undefined) {
      throw new PayloadConverterError(
        `${this.encodingType} payload: ${messageType} is not in the payload converter's registry`,
      );
    }
    return schema;
  }

  /** Keeps back errors of protobuf-es and of JSON.parse: they quote what they stumble over. */
  private withoutContent<T>(task: string, convert: () => T): T {
    try {
      return convert();
    } catch (error) {
      if (error instanceof ApplicationFailure) throw error;
      throw new ValueError(`${this.encodingType} payload: cannot ${task}${fieldOf(error)}`);
    }
  }
}

function registryOf(input: ProtobufEsRegistryInput): Registry {
  if (Array.isArray(input)) return createRegistry(...input);
  if ("kind" in input && input.kind === "registry") return input;
  throw new TypeError("payload converter: expected a registry or an array of message schemas");
}

function fieldOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return isFieldError(cause) ? `, ${cause.field()}` : "";
}
