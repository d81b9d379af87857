import {
  type DescMessage,
  fromBinary,
  type Message,
  type Registry,
  toBinary,
} from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";

/**
 * What is in an `Any`; undefined when the type is not known, or the bytes are not of that type or lack
 * a field that it requires.
 */
export function unpack(
  { typeUrl, value }: Any,
  registry: Registry | undefined,
): { desc: DescMessage; message: Message } | undefined {
  const desc = registry?.getMessage(typeUrl.slice(typeUrl.lastIndexOf("/") + 1));
  if (desc === undefined) return undefined;
  try {
    const message = fromBinary(desc, value);
    // Throws where a required field is missing, which could not be packed again.
    toBinary(desc, message);
    return { desc, message };
  } catch {
    return undefined;
  }
}
