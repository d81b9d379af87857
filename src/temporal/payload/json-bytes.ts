import { create, isFieldSet, type Message, toJsonString } from "@bufbuild/protobuf";
import type { ExecutionStatus } from "../../execution/execution.js";
import { schemaOf } from "../../execution/schemas.js";
import { fieldValue, setFieldValue } from "../../redaction/field-value.js";
import { textBytes } from "./payload-limit.js";

/** Bytes of a status as JSON in UTF-8; infinite when it has no JSON form. */
export type Measure = (status: ExecutionStatus) => number;

/**
 * Measures a status, and what is made of it by cutting: a field that is the same as before is not
 * written as JSON again. In a workflow, a status of 20 MiB would else take more time than a task has.
 */
export function measuring(status: ExecutionStatus): Measure {
  const schema = schemaOf(status);
  const known = new Map<string, { readonly value: unknown; readonly bytes: number }>();
  return (status) => {
    const fields = schema.fields.filter((field) => isFieldSet(status, field as never));
    const parts = fields.map((field) => {
      const value = fieldValue(status, field);
      let part = known.get(field.name);
      if (part === undefined || part.value !== value) {
        const only: Message = create(schema);
        setFieldValue(only, field, value);
        part = { value, bytes: bytesOf(only as ExecutionStatus) - "{}".length };
        known.set(field.name, part);
      }
      return part.bytes;
    });
    const commas = Math.max(0, parts.length - 1);
    return parts.reduce((sum, bytes) => sum + bytes, "{}".length + commas);
  };
}

/** Bytes of a status as JSON in UTF-8; infinite when it has no JSON form. */
export function jsonBytesOf(status: ExecutionStatus): number {
  return measuring(status)(status);
}

function bytesOf(status: ExecutionStatus): number {
  try {
    return textBytes(toJsonString(schemaOf(status), status));
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
