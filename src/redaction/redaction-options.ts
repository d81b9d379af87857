import type { Registry } from "@bufbuild/protobuf";

/** What a redaction needs to know besides the message. */
export interface RedactionOptions {
  /**
   * The types that a `google.protobuf.Any` may hold. Nothing is shown of any other type, because nobody
   * can tell what is secret in it. Without a registry, no type is known.
   */
  registry?: Registry;
}
