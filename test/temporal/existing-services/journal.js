import { appendFileSync, existsSync, openSync, readFileSync, truncateSync } from "node:fs";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { base64Decode, base64Encode } from "@bufbuild/protobuf/wire";

/** @import { Execution } from "@stigmer/apis" */
/** @import { Kind } from "./execution-store.js" */

/**
 * One line of the file: an execution as it is from now on, or that it is no more.
 *
 * @typedef {object} Entry
 * @property {string} kind
 * @property {string} id
 * @property {string} [execution]
 */

/**
 * A file to which each change is written at its end. What has been written is there for the next
 * process however this one ends, as long as the machine does not.
 *
 * @param {string} path
 */
export function openJournal(path) {
  const entries = readEntries(path);
  const file = openSync(path, "a");
  return {
    /**
     * The executions of a kind that the file has, by id.
     *
     * @template {Execution} E
     * @param {Kind<E>} kind
     */
    read({ schema }) {
      /** @type {Map<string, E>} */
      const executions = new Map();
      for (const { id, execution } of entries.filter((entry) => entry.kind === schema.name)) {
        if (execution === undefined) executions.delete(id);
        else executions.set(id, /** @type {E} */ (fromBinary(schema, base64Decode(execution))));
      }
      return executions;
    },

    /**
     * @template {Execution} E
     * @param {Kind<E>} kind
     * @returns {(id: string, execution: E | undefined) => void}
     */
    writer:
      ({ schema }) =>
      (id, execution) => {
        /** @type {Entry} */
        const entry = {
          kind: schema.name,
          id,
          ...(execution && { execution: base64Encode(toBinary(schema, execution)) }),
        };
        appendFileSync(file, `${JSON.stringify(entry)}\n`);
      },
  };
}

/**
 * @param {string} path
 * @returns {Entry[]}
 */
function readEntries(path) {
  if (!existsSync(path)) return [];
  const text = readFileSync(path, "utf8");
  const complete = text.slice(0, text.lastIndexOf("\n") + 1);
  // Of a line that the process was killed in, nobody had an answer. All of it is ASCII.
  truncateSync(path, complete.length);
  return complete
    .split("\n")
    .filter((line) => line)
    .map((line) => JSON.parse(line));
}
