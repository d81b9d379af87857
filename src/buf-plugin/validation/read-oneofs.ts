import type { DescMessage } from "@bufbuild/protobuf";
import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import type { Files } from "../rule.js";
import { valueNamed } from "./value-named.js";

/** One of `(buf.validate.message).oneof`: at most one of the fields is set, or exactly one. */
export interface MessageOneof {
  readonly fields: readonly string[];
  readonly isRequired: boolean;
}

export function readOneofs(message: DescMessage, files: Files): MessageOneof[] {
  const rules = files.option(message, "buf.validate.message");
  const oneofs = rules && (valueNamed(rules, "oneof") as Iterable<ReflectMessage> | undefined);
  return [...(oneofs ?? [])].map((oneof) => ({
    fields: [...((valueNamed(oneof, "fields") ?? []) as Iterable<string>)],
    isRequired: valueNamed(oneof, "required") === true,
  }));
}
