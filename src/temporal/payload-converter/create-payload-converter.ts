import {
  BinaryPayloadConverter,
  CompositePayloadConverter,
  JsonPayloadConverter,
  type PayloadConverter,
  UndefinedPayloadConverter,
} from "@temporalio/common";
import { ProtobufEsBinaryPayloadConverter } from "./protobuf-es-binary-payload-converter.js";
import { ProtobufEsJsonPayloadConverter } from "./protobuf-es-json-payload-converter.js";
import type { ProtobufEsRegistryInput } from "./protobuf-es-payload-converter.js";

/**
 * A payload converter for the messages of a registry, and for what Temporal's default converts. A
 * message that is a value of its own (an argument, a result, the details of a heartbeat) is written
 * as `json/protobuf`, and read as `json/protobuf` or `binary/protobuf`. A message within an object
 * or an array is plain JSON, as anything there.
 *
 * - JSON leaves out unknown fields when it is written and ignores them when it is read, so that a
 *   peer with a newer contract does not stop a workflow; binary keeps them.
 * - JSON also ignores the name of an enum value that it does not know: the field is unset, and so
 *   unspecified; in binary it keeps its number. A phase of a newer contract is then
 *   EXECUTION_PHASE_UNSPECIFIED, which nothing here takes for the end of an execution.
 * - An Any is written and read as JSON when the registry has its type.
 *
 * The converter throws a `ValueError` for a message whose type is not in the registry, and for a
 * payload that has no `messageType` or no data or does not decode. It names the type, and a field
 * where it can, never a value.
 *
 * Throws a `TypeError` when the registry is none.
 */
export function createPayloadConverter(registry: ProtobufEsRegistryInput): PayloadConverter {
  // The order of Temporal's other SDKs: the first that takes a value writes it.
  return new CompositePayloadConverter(
    new UndefinedPayloadConverter(),
    new BinaryPayloadConverter(),
    new ProtobufEsJsonPayloadConverter(registry),
    new ProtobufEsBinaryPayloadConverter(registry),
    new JsonPayloadConverter(),
  );
}
