import { messages } from "./protocol.js";

/** A message of the protocol: its fields by their proto names. */
export interface Value {
  readonly [field: string]:
    | Value
    | string
    | number
    | boolean
    | Uint8Array
    | readonly (Value | string | number)[]
    | undefined;
}

/** Writes a message of the protocol in the binary format, from its declaration alone. */
export function encode(typeName: string, value: Value): Uint8Array {
  const bytes: number[] = [];
  for (const [name, [number, type]] of Object.entries(messages[typeName] ?? {})) {
    const given = value[name];
    if (given === undefined || given === "" || given === false) continue;
    const itemType = type.replace("repeated ", "");
    for (const item of Array.isArray(given) ? given : [given]) {
      if (typeof item === "number" || typeof item === "boolean") {
        pushVarint(bytes, number << 3);
        pushVarint(bytes, Number(item));
      } else {
        const content = contentOf(itemType, item);
        pushVarint(bytes, (number << 3) | 2);
        pushVarint(bytes, content.length);
        for (const byte of content) bytes.push(byte);
      }
    }
  }
  return Uint8Array.from(bytes);
}

function contentOf(type: string, item: Value | string | Uint8Array): Uint8Array {
  if (typeof item === "string") return new TextEncoder().encode(item);
  return item instanceof Uint8Array ? item : encode(type, item);
}

function pushVarint(bytes: number[], value: number): void {
  for (; value > 127; value >>>= 7) bytes.push((value & 127) | 128);
  bytes.push(value);
}
