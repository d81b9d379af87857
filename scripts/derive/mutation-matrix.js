import { loadModule } from "./load-module.js";

/** What the gate must say about each change of the contract, as a table. The tests hold it. */
export async function renderMutationMatrix() {
  /** @type {typeof import("../../test/gate/mutations.js")} */
  const { mutations } = await loadModule("test/gate/mutations.ts");
  /** @type {typeof import("../../test/gate/mutations-table.js")} */
  const { tableOf } = await loadModule("test/gate/mutations-table.ts");
  return `${mutations.length} changes:\n\n${tableOf(mutations)}`;
}
