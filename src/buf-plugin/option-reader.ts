import { getExtension, hasExtension, type Message, type Registry } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import type { Files } from "./rule.js";

/** Reads custom options that are messages, by the declarations of the files that are checked. */
export function optionReader(registry: Registry): Files["option"] {
  return ({ proto: { options } }, typeName) => {
    const extension = registry.getExtension(typeName);
    if (extension?.message === undefined || options?.$typeName !== extension.extendee.typeName)
      return undefined;
    if (!hasExtension(options, extension)) return undefined;
    return reflect(extension.message, getExtension(options, extension) as Message);
  };
}
