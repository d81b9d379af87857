import { ok } from "node:assert/strict";
import { equals, fromJson, toJson } from "@bufbuild/protobuf";
import {
  contractRegistry,
  ProtobufEsBinaryPayloadConverter,
  payloadConverter,
} from "@stigmer/apis/temporal/payload-converter";
import { WorkflowExecutionSchema } from "@stigmer/apis/workflowexecution/v1";
import { defaultPayloadConverter } from "@temporalio/common";
import { sizesFor, workflowFixture } from "../fixtures/index.js";
import { measureAtSize } from "../harness/measure.js";
import { timeRow } from "../harness/times.js";

/** @import { Payload } from "@temporalio/common" */
/** @import { Effort } from "../harness/effort.js" */
/** @import { Group } from "../harness/report.js" */
/** @import { WorkflowExecution } from "@stigmer/apis/workflowexecution/v1" */

const schema = WorkflowExecutionSchema;
const binary = new ProtobufEsBinaryPayloadConverter(contractRegistry);
const base = "default converter, by toJson";

/**
 * An execution as a payload and back.
 *
 * @type {Record<string, { encode(message: WorkflowExecution): Payload | undefined, decode(payload: Payload): WorkflowExecution }>}
 */
const subjects = {
  [base]: {
    encode: (message) => defaultPayloadConverter.toPayload(toJson(schema, message)),
    decode: (payload) => fromJson(schema, defaultPayloadConverter.fromPayload(payload)),
  },
  "json/protobuf": {
    encode: (message) => payloadConverter.toPayload(message),
    decode: (payload) => payloadConverter.fromPayload(payload),
  },
  "binary/protobuf": {
    encode: (message) => binary.toPayload(message),
    decode: (payload) => binary.fromPayload(payload),
  },
};

/**
 * The payload converter against what its users had before: Temporal's default one, which takes no
 * messages, and protobuf-es to make them JSON and back.
 *
 * @param {Effort} effort
 * @returns {Promise<Group[]>}
 */
export async function comparePayloads(effort) {
  /** @type {Group[]} */
  const groups = [];
  for (const size of sizesFor(effort)) {
    const { kind, message, bytes } = workflowFixture(size);
    /** @type {Group["rows"]} */
    const sizeRows = [];
    /** @type {Record<string, () => unknown>} */
    const roundTrips = {};
    for (const [name, { encode, decode }] of Object.entries(subjects)) {
      const payload = present(encode(message));
      ok(equals(schema, decode(payload), message), `${name} changes the execution`);
      const value = sizeOf(payload);
      const ratio = value / (sizeRows[0]?.value ?? value);
      sizeRows.push({ name, value, unit: "bytes", ...(sizeRows.length > 0 && { ratio }) });
      roundTrips[name] = () => decode(present(encode(message)));
    }
    const times = await measureAtSize(size, roundTrips, effort);
    groups.push(
      { name: `payload, ${kind}`, bytes: bytes.length, ratio: "bytes / default", rows: sizeRows },
      {
        name: `encode and decode, ${kind}`,
        bytes: bytes.length,
        ratio: "time / default",
        rows: Object.keys(subjects).map((name) =>
          timeRow(times, name, name === base ? {} : { base }),
        ),
      },
    );
  }
  return groups;
}

/** @param {Payload | undefined} payload */
function present(payload) {
  if (!payload) throw new Error("expected a payload");
  return payload;
}

/**
 * Without what frames it.
 *
 * @param {Payload} payload
 */
function sizeOf({ metadata, data }) {
  const entries = Object.entries(metadata ?? {});
  return entries.reduce((sum, [key, value]) => sum + key.length + value.length, data?.length ?? 0);
}
