import { create } from "@bufbuild/protobuf";
import { type ApiResourceMetadata, ApiResourceMetadataSchema } from "../apiresource.js";
import { copyOf } from "../execution/copy-of.js";
import type { Execution } from "../execution/execution.js";
import { identified, idPrefixes } from "../execution/kinds.js";

/** A copy of a request with metadata and an id: its own, or the prefix of its kind with this after it. */
export function withId<E extends Execution>(
  execution: E,
  makeId: () => string,
): E & { metadata: ApiResourceMetadata } {
  const request = copyOf(execution);
  const metadata = request.metadata ?? create(ApiResourceMetadataSchema);
  metadata.id ||= `${idPrefixes[identified(request).kind]}-${makeId()}`;
  return Object.assign(request, { metadata });
}
