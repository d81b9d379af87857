import { readContract } from "./reference/contract/read-contract.js";

/**
 * The names of the fields with `debug_redact`, as JSON. The tests of what hides secrets compare with
 * it what they find in the stubs, so that a secret that is new or gone shows in a review.
 */
export function renderSecretFields() {
  const names = readContract()
    .flatMap(({ messages }) => messages.flatMap(({ fields }) => fields))
    .filter(({ proto }) => proto.options?.debugRedact)
    .map(({ parent, name }) => `${parent.typeName}.${name}`);
  return `${JSON.stringify(names.sort(), null, 2)}\n`;
}
