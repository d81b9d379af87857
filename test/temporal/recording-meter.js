import { MetricMeterWithComposedTags } from "@temporalio/common";

/** @import { MetricMeter, MetricTags } from "@temporalio/common" */

/**
 * A value that was counted or measured.
 *
 * @typedef {object} Value
 * @property {string} name of the instrument
 * @property {number} value
 * @property {MetricTags} labels
 */

/**
 * A meter for a Temporal worker that keeps nothing: each value goes to `onValue` at once.
 *
 * @param {(value: Value) => void} onValue
 * @returns {MetricMeter}
 */
export function recordingMeter(onValue) {
  /** @param {string} name */
  const instrument = (name) => {
    /** @type {(value: number, labels?: MetricTags) => void} */
    const take = (value, labels = {}) => onValue({ name, value, labels });
    return { name, add: take, record: take, set: take };
  };
  const meter = { createCounter: instrument, createHistogram: instrument, createGauge: instrument };
  // The SDK composes the tags of its own meter so, too.
  return MetricMeterWithComposedTags.compose(/** @type {any} */ (meter), {}, true);
}
