import fc from "fast-check";

// One seed for all properties of a run. A failure names it; to run it again: FC_SEED=… npx vitest.
const seed = Number(process.env.FC_SEED ?? Date.now() % 2 ** 31);
fc.configureGlobal({ seed });
console.log(`fast-check seed: ${seed}`);
