/**
 * @import { Activities, Activity, Field, Type } from "./read-activities.js"
 *
 * @typedef {object} Changed
 * @property {string} name Of the activity.
 * @property {string} signature How it was called: `ReadOutcome(executionId, kind)`.
 * @property {string} what
 */

/**
 * What workflows and workers of two versions cannot do together: an activity of the one may be called
 * by a workflow of the other. Only what may be left out can be added, to its arguments at their end, or
 * as a field of an argument or of the result.
 *
 * @param {Activities} released
 * @param {Activities} current
 * @returns {Changed[]}
 */
export function changedActivities(released, current) {
  return Object.entries(released).flatMap(([name, before]) => {
    const after = current[name];
    const whats = after === undefined ? ["is gone"] : changesOf(before, after);
    return whats.map((what) => ({ name, signature: signatureOf(name, before), what }));
  });
}

/**
 * @param {string} name
 * @param {Activity} activity
 */
function signatureOf(name, activity) {
  const list = activity.arguments.map(({ name, optional }) => `${name}${optional ? "?" : ""}`);
  return `${name}(${list.join(", ")})`;
}

/**
 * @param {Activity} before
 * @param {Activity} after
 */
function changesOf(before, after) {
  const ofArguments = before.arguments.flatMap((argument, index) => {
    const where = `argument ${index + 1}`;
    const now = after.arguments[index];
    if (now === undefined) return [`${where}, ${argument.name}, is gone`];
    if (now.name !== argument.name) return [`${where} is ${now.name}, and was ${argument.name}`];
    return fieldChanges(`${where}, ${argument.name},`, argument, now);
  });
  const added = after.arguments.slice(before.arguments.length);
  const needed = added.filter(({ optional }) => !optional);
  return [
    ...ofArguments,
    ...needed.map(({ name }) => `the new argument ${name} cannot be left out`),
    ...typeChanges("its result", before.result, after.result),
  ];
}

/**
 * @param {string} where
 * @param {Field} before
 * @param {Field} after
 * @returns {string[]}
 */
function fieldChanges(where, before, after) {
  if (before.optional && !after.optional) return [`${where} cannot be left out any more`];
  if (!before.optional && after.optional) return [`${where} can be left out now`];
  return typeChanges(where, before.type, after.type);
}

/**
 * @param {string} where
 * @param {Type} before
 * @param {Type} after
 * @returns {string[]}
 */
function typeChanges(where, before, after) {
  const gone = without(alternativesOf(before), alternativesOf(after));
  const added = without(alternativesOf(after), alternativesOf(before));
  const [[was], [is]] = [gone, added];
  if (gone.length === 1 && added.length === 1 && isObject(was) && isObject(is)) {
    return [
      ...Object.entries(was.fields).flatMap(([name, field]) => {
        const now = is.fields[name];
        const place = `${where} field ${name}`;
        return now === undefined ? [`${place} is gone`] : fieldChanges(place, field, now);
      }),
      ...Object.entries(is.fields)
        .filter(([name, { optional }]) => was.fields[name] === undefined && !optional)
        .map(([name]) => `${where} field ${name} is new and cannot be left out`),
    ];
  }
  return [
    ...gone.map((type) => `${where} is never ${shown(type)} any more`),
    ...added.map((type) => `${where} can also be ${shown(type)}`),
  ];
}

/** @param {Type} type @returns {Type[]} */
function alternativesOf(type) {
  return typeof type === "object" && "oneOf" in type ? type.oneOf : [type];
}

/** @param {Type | undefined} type @returns {type is { fields: Record<string, Field> }} */
function isObject(type) {
  return typeof type === "object" && "fields" in type;
}

/**
 * @param {readonly Type[]} types
 * @param {readonly Type[]} others
 */
function without(types, others) {
  const known = others.map((type) => JSON.stringify(type));
  return types.filter((type) => !known.includes(JSON.stringify(type)));
}

/** @param {Type} type */
function shown(type) {
  return typeof type === "string" ? type : JSON.stringify(type);
}
