import type { JsonValue } from "@bufbuild/protobuf";
import { kindOfId } from "../../execution/kinds.js";
import { isJsonObject } from "./is-json-object.js";

/** The id of the execution that a Go-JSON result is, or is of; undefined when it names none. */
export function executionIdIn(result: JsonValue): string | undefined {
  if (!isJsonObject(result)) return undefined;
  const { metadata, ExecutionID } = result;
  const id = isJsonObject(metadata) ? metadata.id : ExecutionID;
  return typeof id === "string" && kindOfId(id) ? id : undefined;
}
