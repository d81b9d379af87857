import { createContext, runInContext } from "node:vm";
import { create, createRegistry, type DescMessage, equals, type Message } from "@bufbuild/protobuf";
import {
  METADATA_ENCODING_KEY,
  METADATA_MESSAGE_TYPE_KEY,
  type Payload,
  type PayloadConverterWithEncoding,
} from "@temporalio/common";
import { AgentExecutionSchema } from "../../../src/agentexecution/v1.js";
import {
  contractRegistry,
  ProtobufEsBinaryPayloadConverter,
  ProtobufEsJsonPayloadConverter,
} from "../../../src/temporal/payload-converter/index.js";
import { WorkflowExecutionSchema } from "../../../src/workflowexecution/v1.js";

/** Both encodings of a message. */
export const converters: readonly PayloadConverterWithEncoding[] = [
  new ProtobufEsJsonPayloadConverter(contractRegistry),
  new ProtobufEsBinaryPayloadConverter(contractRegistry),
];
export const [json, binary] = converters as [
  PayloadConverterWithEncoding,
  PayloadConverterWithEncoding,
];

export const executionSchemas: readonly DescMessage[] = [
  WorkflowExecutionSchema,
  AgentExecutionSchema,
];

/** The payload of a message, in the encoding of that converter. */
export function payloadOf(converter: PayloadConverterWithEncoding, message: Message): Payload {
  const payload = converter.toPayload(message);
  if (payload === undefined) throw new Error(`${message.$typeName} is no message to the converter`);
  return payload;
}

export function payload(encoding: string, messageType: string, data: Uint8Array | string): Payload {
  return {
    metadata: {
      [METADATA_ENCODING_KEY]: utf8(encoding),
      [METADATA_MESSAGE_TYPE_KEY]: utf8(messageType),
    },
    data: typeof data === "string" ? utf8(data) : data,
  };
}

/** The metadata of a payload, as text. */
export function metadataOf({ metadata }: Payload): Record<string, string> {
  const texts = Object.entries(metadata ?? {}).map(([key, value]) => [key, textOf(value)]);
  return Object.fromEntries(texts);
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function textOf(bytes: Uint8Array | null | undefined): string {
  return new TextDecoder().decode(bytes ?? new Uint8Array());
}

/** Whether two messages are the same, also in what their type does not know. */
export function isSame(schema: DescMessage, a: Message, b: Message): boolean {
  return equals(schema, a, b, { registry: createRegistry(), unknown: true });
}

/** The message as JSON gives it back: without unknown fields, at any depth. */
export function withoutUnknown<T>(value: T): T {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(withoutUnknown) as T;
  const entries = Object.entries(value).filter(([key]) => key !== "$unknown");
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutUnknown(item)])) as T;
}

/** An array of those bytes from another realm, as the ones that a workflow sandbox is given. */
export function foreign(bytes: Uint8Array): Uint8Array {
  const make = runInContext("(items) => Uint8Array.from(items)", createContext({}));
  const made: Uint8Array = make([...bytes]);
  if (made instanceof Uint8Array) throw new Error("the bytes are of this realm");
  return made;
}

/** An execution with that token. */
export function executionWith(callbackToken: Uint8Array) {
  return create(WorkflowExecutionSchema, { spec: { workflowId: "wfl-1", callbackToken } });
}
