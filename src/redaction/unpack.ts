import { type DescMessage, fromBinary, type Message, type Registry } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";

/** What is in an `Any`; undefined when the type is not known, or the bytes are not of that type. */
export function unpack(
  { typeUrl, value }: Any,
  registry: Registry | undefined,
): { desc: DescMessage; message: Message } | undefined {
  const desc = registry?.getMessage(typeUrl.slice(typeUrl.lastIndexOf("/") + 1));
  if (desc === undefined) return undefined;
  try {
    return { desc, message: fromBinary(desc, value) };
  } catch {
    return undefined;
  }
}
