/**
 * How buf and our plugin word their breaking findings, and the element that each is about. In both,
 * every name stands in quotes.
 *
 * @type {[pattern: RegExp, element: string][]}
 */
const patterns = [
  [/field "[^"]*" with name "([^"]*)" on message "([^"]*)"/i, "$2.$1"],
  [/field "[^"]*" on message "([^"]*)" changed name from "([^"]*)"/i, "$1.$2"],
  [/field "([^"]*)" on message "([^"]*)"/i, "$2.$1"],
  [/enum value "([^"]*)" on enum "([^"]*)" changed name from "([^"]*)"/i, "$3"],
  [/enum value "[^"]*" on enum "([^"]*)"/i, "$1"],
  [/rpc "([^"]*)" on service "([^"]*)"/i, "$2.$1"],
  [/oneof "([^"]*)" on message "([^"]*)" (?:has|is)/i, "$2.$1"],
  [/extension "([^"]*)" of message "([^"]*)"/i, "$2.$1"],
  [/(?:message|enum|service|file) "([^"]*)"/i, "$1"],
];

const deletedEnumValue = /enum value "(\d+)" on enum "([^"]*)" was deleted/i;

/** @returns {undefined} */
const noName = () => undefined;

/**
 * The element that a breaking finding is about, as a changelog names it, for example
 * `WorkflowExecutionSpec.trigger_message`.
 *
 * @param {string} message
 * @param {(enumName: string, number: number) => string | undefined} [enumValueName] Names a value that
 * buf knows by its number only, because it is gone.
 */
export function elementOf(message, enumValueName = noName) {
  const [, number = "", enumName = ""] = deletedEnumValue.exec(message) ?? [];
  const value = enumValueName(enumName, Number(number));
  if (value !== undefined) return value;
  for (const [pattern, element] of patterns) {
    const match = pattern.exec(message);
    if (match !== null) return match[0].replace(pattern, element);
  }
  // Worded in a way that is not known here: any name that it quotes is better than none.
  return /"([A-Za-z_][\w.]*)"/.exec(message)?.[1] ?? message;
}
