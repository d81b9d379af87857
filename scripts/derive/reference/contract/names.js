import { addressOf, anchorOf, mapProse } from "../markdown.js";

/**
 * @import { Place } from "../markdown.js"
 * @import { ProtoPackage } from "./read-contract.js"
 */

/** The anchor of a field, an enum value or an rpc. @param {string} parent @param {string} name */
export function memberAnchor(parent, name) {
  return `${parent}.${name}`.toLowerCase();
}

/**
 * Where each element of the contract is described, by its full name.
 *
 * @param {readonly ProtoPackage[]} packages
 * @returns {Map<string, Place>}
 */
export function placesOfContract(packages) {
  /** @type {Map<string, Place>} */
  const places = new Map();
  for (const { page, services, messages, enums } of packages) {
    for (const { typeName, name } of [...services, ...messages, ...enums]) {
      places.set(typeName, { page, anchor: anchorOf(name) });
    }
    const members = [
      ...services.flatMap((service) => service.methods),
      ...messages.flatMap((message) => message.fields),
      ...enums.flatMap((desc) => desc.values),
    ];
    for (const { parent, name } of members) {
      places.set(`${parent.typeName}.${name}`, { page, anchor: memberAnchor(parent.name, name) });
    }
  }
  return places;
}

/**
 * Makes links of the names of the contract that a comment mentions: full names, names of messages,
 * services and enums, of this package or of another one, and enum values of this package.
 *
 * @param {readonly ProtoPackage[]} packages
 * @param {ReadonlyMap<string, Place>} places
 * @returns {(comment: string, here: ProtoPackage, self: string) => string} `self` is not linked.
 */
export function linkingTo(packages, places) {
  const types = packages.flatMap(({ services, messages, enums }) => [
    ...services,
    ...messages,
    ...enums,
  ]);
  const values = packages.flatMap(({ enums }) => enums.flatMap((desc) => desc.values));

  return (comment, here, self) => {
    const inPackage = (/** @type {string} */ name) => name.startsWith(`${here.name}.`);
    const fullName = (/** @type {string} */ name) => {
      const [first = "", ...rest] = name.split(".");
      const found = types.filter((desc) => desc.name === first);
      const type = found.find(({ typeName }) => inPackage(typeName)) ?? found[0];
      if (type !== undefined) return [type.typeName, ...rest].join(".");
      const value = values.find(
        (candidate) => candidate.name === name && inPackage(candidate.parent.typeName),
      );
      return value && `${value.parent.typeName}.${value.name}`;
    };
    const link = (/** @type {string} */ text, /** @type {string} */ name) => {
      const full = name.startsWith("ai.stigmer.") ? name : fullName(name);
      const place = full === undefined ? undefined : places.get(full);
      return place === undefined || full === self
        ? text
        : `[${text}](${addressOf(here.page, place)})`;
    };
    return mapProse(comment, (prose) =>
      prose.replaceAll(/`([^`]*)`|\b[A-Za-z]\w*(?:\.\w+)*/g, (text, code) =>
        link(text, code ?? text),
      ),
    );
  };
}
