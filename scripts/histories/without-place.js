import { homedir, hostname } from "node:os";
import { historyToJSON } from "@temporalio/common/lib/proto-utils.js";
import { root } from "../buf.js";

/** @import { temporal } from "@temporalio/proto" */

/**
 * A history as JSON without the stacks of its failures, which name files of this machine and are not
 * looked at by a replay. Throws if anything else tells the machine.
 *
 * @param {temporal.api.history.v1.IHistory} history
 * @returns {{ events: object[] }}
 */
export function withoutPlace(history) {
  const json = JSON.parse(historyToJSON(history), (key, value) =>
    key === "stackTrace" ? "" : value,
  );
  const text = textOf(json);
  const places = [root.replace(/[/\\]$/, ""), homedir(), hostname()];
  const found = places.find((place) =>
    new RegExp(`(?<![\\w-])${place.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&")}(?![\\w-])`).test(
      text,
    ),
  );
  if (found !== undefined)
    throw new Error(`expected no place of this machine in a history, got ${found}`);
  return json;
}

/** All text of a value, also what stands in Base64. @param {unknown} value @returns {string} */
function textOf(value) {
  if (typeof value === "string")
    return `${value}\n${Buffer.from(value, "base64").toString("latin1")}`;
  if (typeof value !== "object" || value === null) return "";
  return Object.values(value).map(textOf).join("\n");
}
