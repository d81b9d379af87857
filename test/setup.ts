import fc from "fast-check";
import { afterEach } from "vitest";
import { knownSecrets } from "./support/known-secrets.js";

// One seed for all properties of a run. A failure names it; to run it again: FC_SEED=… npx vitest.
const seed = Number(process.env.FC_SEED ?? Date.now() % 2 ** 31);
fc.configureGlobal({ seed });
console.log(`fast-check seed: ${seed}`);

// Here and not beside their use: what a module says of all tests holds for one file only, where files
// share their modules.
afterEach(() => void knownSecrets.splice(0));
