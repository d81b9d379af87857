import { deepEqual, ok } from "node:assert/strict";
import { create, createRegistry, equals, fromBinary, toBinary } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { callbackToken, clearCallbackToken, setCallbackToken } from "@stigmer/apis";
import {
  migrateCallbackToken,
  peekCallbackToken,
  removeCallbackToken,
  replaceCallbackToken,
} from "@stigmer/apis/wire";
import {
  WorkflowExecutionSchema,
  WorkflowExecutionSpecSchema,
} from "@stigmer/apis/workflowexecution/v1";
import { tokenLength } from "./fixtures/common.js";
import { agentFixture, sizesFor, workflowFixture } from "./fixtures/index.js";
import { measureAtSize, measureCalls, measureFunctions, rotate } from "./harness/measure.js";
import { timeOf, timeRow } from "./harness/times.js";
import { loadPeers, peerVersions } from "./peers/peers.js";

/** @import { WorkflowExecution } from "@stigmer/apis/workflowexecution/v1" */
/** @import { Size } from "./fixtures/index.js" */
/** @import { Effort } from "./harness/effort.js" */
/** @import { Goal, Group, Report } from "./harness/report.js" */
/** @import { ReadToken } from "./peers/peers.js" */

/** @type {Partial<Record<Size, Goal>>} */
const peekGoals = { "4 KB": { atLeast: 100 }, "1 MB": { atLeast: 8_000 } };

/**
 * Tokens in encoded executions: peek against decoding all of it, replace and remove against a copy.
 *
 * @param {Effort} effort
 * @returns {Promise<Report>}
 */
export async function bench(effort) {
  const sizes = sizesFor(effort);
  const peers = await loadPeers();
  /** @type {Group[]} */
  const groups = [];
  for (const size of sizes) {
    groups.push(
      await comparePeek(workflowFixture(size), peers.WorkflowExecution, peekGoals[size], effort),
    );
  }
  if (!effort.quick) {
    groups.push(await comparePeek(agentFixture("64 KB"), peers.AgentExecution, undefined, effort));
  }
  groups.push(await compareSizes(sizes, effort));
  for (const size of sizes) groups.push(await compareEdits(size, effort));
  groups.push(await compareTinySpecs(effort), await compareFormerToken(effort));
  return {
    title: "wire: tokens in encoded executions",
    checked: [
      "peek gives the token that every peer gives",
      "replace and remove decode to what set and clear give after decoding",
      "replace and migrate of large bytes decode to what a change of the decoded message gives",
    ],
    groups,
  };
}

/**
 * @param {ReturnType<typeof workflowFixture | typeof agentFixture>} fixture
 * @param {Record<string, ReadToken>} peers
 * @param {Goal | undefined} goal of the fastest peer's ratio
 * @param {Effort} effort
 * @returns {Promise<Group>}
 */
async function comparePeek({ kind, message, bytes }, peers, goal, effort) {
  const token = message.spec?.callbackToken;
  deepEqual(peekCallbackToken(kind, bytes), token);
  for (const [peer, readToken] of Object.entries(peers)) {
    // A peer may give a Buffer; what counts is the bytes.
    deepEqual(Uint8Array.from(readToken(bytes) ?? []), token, peer);
  }

  const next = rotate(bytes);
  /** @type {Record<string, () => unknown>} */
  const subjects = { peek: () => peekCallbackToken(kind, next()) };
  for (const [peer, readToken] of Object.entries(peers)) subjects[peer] = () => readToken(next());
  const times = await measureFunctions(subjects, effort);

  const versions = peerVersions();
  const [fastest, ...others] = Object.keys(peers)
    .map((peer) => timeRow(times, peer, { base: "peek", name: `${peer} ${versions[peer]}` }))
    .sort((a, b) => (a.ratio ?? 0) - (b.ratio ?? 0));
  if (fastest === undefined) throw new Error("there is no peer");
  return {
    name: `peek, ${kind}`,
    bytes: bytes.length,
    ratio: "time / peek",
    rows: [timeRow(times, "peek"), goal ? { ...fastest, goal } : fastest, ...others],
  };
}

/**
 * @param {Size[]} sizes
 * @param {Effort} effort
 * @returns {Promise<Group>}
 */
async function compareSizes(sizes, effort) {
  /** @type {Record<string, () => unknown>} */
  const subjects = {};
  for (const size of sizes) {
    const next = rotate(workflowFixture(size).bytes);
    subjects[size] = () => peekCallbackToken("WorkflowExecution", next());
  }
  const times = await measureFunctions(subjects, effort);
  return {
    name: "peek by size, WorkflowExecution",
    ratio: "time / 4 KB",
    rows: sizes.map((size) =>
      timeRow(times, size, { base: "4 KB", goal: size === "1 MB" ? { atMost: 1.5 } : undefined }),
    ),
  };
}

/**
 * @param {Size} size
 * @param {Effort} effort
 * @returns {Promise<Group>}
 */
async function compareEdits(size, effort) {
  const kind = "WorkflowExecution";
  const { bytes } = workflowFixture(size);
  const token = callbackToken(new Uint8Array(tokenLength).fill(7));
  const schema = WorkflowExecutionSchema;
  const [replaced, removed] = [fromBinary(schema, bytes), fromBinary(schema, bytes)];
  setCallbackToken(replaced, token);
  clearCallbackToken(removed);
  const replacedBytes = replaceCallbackToken(kind, bytes, token);
  const removedBytes = removeCallbackToken(kind, bytes);
  ok(equals(schema, fromBinary(schema, replacedBytes), replaced), "replace is not decode and set");
  ok(equals(schema, fromBinary(schema, removedBytes), removed), "remove is not decode and clear");

  const next = rotate(bytes);
  const copies = {
    "new Uint8Array(bytes)": () => new Uint8Array(next()),
    "bytes.slice()": () => next().slice(),
  };
  const times = await measureAtSize(
    size,
    {
      ...copies,
      replace: () => replaceCallbackToken(kind, next(), token),
      remove: () => removeCallbackToken(kind, next()),
    },
    effort,
  );
  const [base = ""] = Object.keys(copies).sort((a, b) => timeOf(times, a) - timeOf(times, b));
  const goal = size === "1 MB" ? { atMost: 1.5 } : undefined;
  return {
    name: `edit, ${kind}`,
    bytes: bytes.length,
    ratio: "time / fastest copy",
    rows: [
      ...Object.keys(copies).map((copy) => timeRow(times, copy, { base })),
      timeRow(times, "replace", { base, goal }),
      timeRow(times, "remove", { base, goal }),
    ],
  };
}

const megabyte = 2 ** 20;

/**
 * @param {Effort} effort
 * @returns {Promise<Group>}
 */
async function compareTinySpecs(effort) {
  const size = (effort.quick ? 1 : 16) * megabyte;
  // Of a spec, its length, and a token of one byte.
  const tiny = Buffer.from([0x22, 3, 0x3a, 1, 1]);
  const bytes = new Uint8Array(Buffer.alloc(size - (size % tiny.length), tiny));
  const token = callbackToken(new Uint8Array(tokenLength).fill(7));
  return compareLarge(
    "replace, tiny specs",
    bytes,
    () => replaceCallbackToken("WorkflowExecution", bytes, token),
    (message) => setCallbackToken(message, token),
    effort,
  );
}

/**
 * @param {Effort} effort
 * @returns {Promise<Group>}
 */
async function compareFormerToken(effort) {
  const size = (effort.quick ? 1 : 64) * megabyte;
  const field = (/** @type {number} */ number, /** @type {Uint8Array} */ content) => {
    const writer = new BinaryWriter();
    return writer.tag(number, WireType.LengthDelimited).bytes(content).finish();
  };
  const token = new Uint8Array(size).fill(7);
  const bytes = field(5, field(11, token));
  return compareLarge(
    "migrate, a long former token",
    bytes,
    () => migrateCallbackToken("WorkflowExecution", bytes).bytes,
    // By hand: the helper refuses a token of this length.
    (message) => {
      message.spec = create(WorkflowExecutionSpecSchema, { callbackToken: token });
      if (message.status) message.status.$unknown = [];
    },
    effort,
  );
}

/**
 * @param {string} name
 * @param {Uint8Array} bytes
 * @param {() => Uint8Array} edit
 * @param {(message: WorkflowExecution) => void} change what the edit does, to the decoded message
 * @param {Effort} effort
 * @returns {Promise<Group>}
 */
async function compareLarge(name, bytes, edit, change, effort) {
  const schema = WorkflowExecutionSchema;
  const decodeAndEncode = () => {
    const message = fromBinary(schema, bytes);
    change(message);
    return toBinary(schema, message);
  };
  ok(
    equals(schema, fromBinary(schema, edit()), fromBinary(schema, decodeAndEncode()), {
      registry: createRegistry(),
      unknown: true,
    }),
    `${name}: not what decoding and encoding gives`,
  );
  const base = "decode, change, encode";
  const subjects = { [base]: decodeAndEncode, edit };
  const times = await measureCalls(subjects, effort.quick ? 1 : effort.rounds);
  return {
    name,
    bytes: bytes.length,
    ratio: `time / ${base}`,
    rows: [timeRow(times, base), timeRow(times, "edit", { base, goal: { atMost: 1 } })],
  };
}
