import type { Message } from "@bufbuild/protobuf";

/** A copy of a message that has the same values in its fields, whatever size they are. */
export function shallowCopy<M extends Message>(message: M): M {
  return Object.assign(Object.create(Object.getPrototypeOf(message)), message);
}
