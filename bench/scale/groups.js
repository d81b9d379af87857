import { servers, totalOf } from "./calls.js";
import { subjects } from "./subjects.js";

/** @import { Group, Row } from "../harness/report.js" */
/** @import { Calls, Server } from "./calls.js" */
/** @import { Measured } from "./measure-scale.js" */
/** @import { SubjectName } from "./subjects.js" */
/** @import { Times } from "./times.js" */

/** @typedef {Record<SubjectName, Measured>} AllMeasured */

const names = /** @type {SubjectName[]} */ (Object.keys(subjects));
const serverNames = /** @type {[Server, string][]} */ (Object.entries(servers));

/**
 * @param {AllMeasured} measured
 * @param {number} open how many handshakes
 * @param {Times} times
 * @returns {Group[]}
 */
export function groupsOf(measured, open, times) {
  /**
   * @param {string} name
   * @param {Row["unit"]} unit
   * @param {SubjectName} base
   * @param {(measured: Measured, name: SubjectName) => number} measure
   * @returns {Group}
   */
  const compare = (name, unit, base, measure) => {
    const baseValue = measure(measured[base], base);
    const rows = names.map((name) => {
      const value = measure(measured[name], name);
      const isRatio = name !== base && baseValue > 0;
      return { name, value, unit, ...(isRatio && { ratio: value / baseValue }) };
    });
    return { name, ratio: `/ ${base}`, rows };
  };
  const minutes = times.open / 60_000;
  return [
    ...serverNames.map(([server, text]) =>
      compare(
        `a handshake's calls: ${text}`,
        "calls",
        "async by hand",
        (each, name) => callsWithoutBeats(name, each, server) / open,
      ),
    ),
    ...serverNames.map(([server, text]) =>
      compare(
        `calls a minute while open: ${text}`,
        "calls",
        "polling by hand",
        ({ open: calls }) => totalOf(calls, server) / open / minutes,
      ),
    ),
    {
      name: "calls of a heartbeat, ours",
      rows: serverNames.map(([server, text]) => ({
        name: text,
        value: callsOfBeat("ours", measured.ours, server),
        unit: "calls",
      })),
    },
    heartbeatsOf(measured.ours, open, times),
    ...sidesOf("memory of an open handshake", (text, side) =>
      compare(text, "bytes", "polling by hand", ({ memory }) => memory[side] / open),
    ),
    ...sidesOf("memory after a restart", (text, side) =>
      compare(text, "bytes", "polling by hand", (each) => each.memoryAfterRestart[side] / open),
    ),
    ...sidesOf("events of a history", (text, side) =>
      compare(text, "events", "async by hand", ({ events }) => events[side]),
    ),
    compare("until all are open", "ns", "async by hand", (each) => each.openedWithin * 1e6),
    compare(
      "from the end until all callers have it",
      "ns",
      "async by hand",
      (each) => each.endedWithin * 1e6,
    ),
  ];
}

/**
 * @param {string} text
 * @param {(text: string, side: "caller" | "runner") => Group} groupOf
 */
function sidesOf(text, groupOf) {
  return /** @type {const} */ (["caller", "runner"]).map((side) =>
    groupOf(`${text}: ${side}`, side),
  );
}

/**
 * What a handshake costs however long it is open.
 *
 * @param {SubjectName} name
 * @param {Measured} measured
 * @param {Server} server
 */
function callsWithoutBeats(name, measured, server) {
  return [measured.opening, measured.ending].reduce((sum, calls) => {
    const beats = beatsIn(name, calls);
    const ofBeats = beats === 0 ? 0 : beats * callsOfBeat(name, measured, server);
    return sum + totalOf(calls, server) - ofBeats;
  }, 0);
}

/**
 * @param {SubjectName} name
 * @param {Measured} measured
 * @param {Server} server
 */
function callsOfBeat(name, { open }, server) {
  return totalOf(open, server) / beatsIn(name, open);
}

/**
 * @param {SubjectName} name
 * @param {Calls} calls
 */
function beatsIn(name, calls) {
  const { beat } = subjects[name];
  if (beat === undefined) return 0;
  const [server, method] = beat;
  return calls[server].get(method) ?? 0;
}

/**
 * Fewer than are due is what this machine does not bear.
 *
 * @param {Measured} measured
 * @param {number} open
 * @param {Times} times
 * @returns {Group}
 */
function heartbeatsOf(measured, open, times) {
  const due = (1_000 * open) / times.heartbeatInterval;
  const value = (1_000 * beatsIn("ours", measured.open)) / times.open;
  return {
    name: "heartbeats, ours",
    ratio: "/ due",
    rows: [
      { name: "due", value: due, unit: "per second" },
      { name: "made", value, unit: "per second", ratio: value / due, goal: { atLeast: 0.9 } },
    ],
  };
}
