import type { Registry } from "@bufbuild/protobuf";

/** What a redaction needs to know beside the message. */
export interface RedactionOptions {
  /**
   * The types that a `google.protobuf.Any` may hold. Of a type that is not in here, nobody can tell
   * what is secret, so nothing is shown. Without it, no type is known.
   */
  registry?: Registry;
}
