import { parse } from "yaml";

/** @typedef {{ plugin: unknown, options?: Record<string, unknown> }} Plugin */

/**
 * What a buf.yaml looks at less than an earlier one did: rules and options of plugins that it no longer
 * uses, and exceptions that it adds.
 *
 * @param {string} before
 * @param {string} after
 * @returns {string[]}
 */
export function weakenedIn(before, after) {
  const [earlier, later] = [settingsOf(before), settingsOf(after)];
  const lost = [...earlier.uses].filter((use) => !later.uses.has(use));
  const added = [...later.exceptions].filter((exception) => !earlier.exceptions.has(exception));
  return [
    ...lost.map((use) => `no longer uses ${use}`),
    ...added.map((exception) => `adds ${exception}`),
  ];
}

/** @param {string} text */
function settingsOf(text) {
  const { lint = {}, breaking = {}, modules = [], plugins = [] } = parse(text) ?? {};
  const commands = Object.entries({ lint, breaking });
  /** @type {ReturnType<typeof optionsOf>} */
  const options = plugins.flatMap(optionsOf);
  const uses = [
    ...commands.flatMap(([command, { use = [] }]) => listed(use, `in ${command}`)),
    ...plugins.map((/** @type {Plugin} */ { plugin }) => `the plugin ${plugin}`),
    ...options.filter(({ isException }) => !isException).map(({ text }) => text),
  ];
  const ofModules = modules.flatMap((/** @type {Record<string, any>} */ module) => [
    ...listed(module.excludes, `to excludes of ${module.path}`),
    ...Object.entries(module).flatMap(([command, settings]) => exceptionsIn(command, settings)),
  ]);
  const exceptions = [
    ...commands.flatMap(([command, settings]) => exceptionsIn(command, settings)),
    ...ofModules,
    ...options.filter(({ isException }) => isException).map(({ text }) => text),
  ];
  return { uses: new Set(uses), exceptions: new Set(exceptions) };
}

/**
 * What the options of a plugin list.
 *
 * @param {Plugin} plugin
 */
function optionsOf({ plugin, options = {} }) {
  return Object.entries(options).flatMap(([name, value]) => {
    const isException = name === "plain_names";
    const where = `${isException ? "to" : "in"} ${name} of the plugin ${plugin}`;
    return listed([value].flat(), where).map((text) => ({ isException, text }));
  });
}

/**
 * @param {string} command
 * @param {any} settings
 */
function exceptionsIn(command, settings) {
  if (command !== "lint" && command !== "breaking") return [];
  const { except, ignore, ignore_only: only = {}, ...others } = settings ?? {};
  const switches = Object.entries(others).filter(
    ([name, value]) => value === true && /^(ignore|rpc_allow|disable_)/.test(name),
  );
  return [
    ...listed(except, `to except of ${command}`),
    ...listed(ignore, `to ignore of ${command}`),
    ...Object.entries(only).flatMap(([rule, paths]) => listed(paths, `to ${rule} of ${command}`)),
    ...switches.map(([name]) => `${name} to ${command}`),
  ];
}

/**
 * @param {unknown} list
 * @param {string} where
 */
function listed(list, where) {
  return Array.isArray(list) ? list.map((entry) => `${entry} ${where}`) : [];
}
