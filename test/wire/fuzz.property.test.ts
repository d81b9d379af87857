import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { expect, it } from "vitest";
import { checkInput, type Tally } from "./check-input.js";
import { createRandom, seedOf } from "./random.js";
import { type Input, randomInput } from "./random-input.js";

// FC_SEED=… repeats a run, FUZZ_INPUTS=… makes it longer; `npm run fuzz` takes a million inputs.
const seed = fc.readConfigureGlobal().seed ?? 0;
const inputs = Number(process.env.FUZZ_INPUTS ?? 20_000);

it(`src/wire keeps its promises for ${inputs} inputs`, { timeout: 60_000 + inputs }, async () => {
  const tally: Tally = new Map();
  for (let index = 0; index < inputs; index++) {
    const inputSeed = seedOf(seed, index);
    const input = randomInput(createRandom(inputSeed));
    if (problemWith(input, inputSeed, tally)) throw failure(input, index);
    if (index % 1000 === 0) await setImmediate();
  }
  console.log(report(tally));

  const codes = "truncated bad-tag bad-wire-type too-long length-overflow too-deep";
  for (const code of codes.split(" ")) {
    expect(share(tally, `refused as ${code}`), code).toBeGreaterThan(0.002);
  }
  for (const outcome of ["moved", "removed", "unchanged", "conflict"]) {
    expect(share(tally, `migrate: ${outcome}`), outcome).toBeGreaterThan(0.002);
  }
  expect(share(tally, "accepted by the reference decoder")).toBeGreaterThan(0.3);
  expect(share(tally, "accepted by protobuf-es, and comparable")).toBeGreaterThan(0.2);
  expect(share(tally, "with a token")).toBeGreaterThan(0.1);
});

// Half of the time would go into the stacks of errors that are expected.
function problemWith(input: Input, inputSeed: number, tally?: Tally): string | undefined {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = tally ? 0 : 20;
  try {
    checkInput(input, inputSeed, tally);
    return undefined;
  } catch (error) {
    return String(error instanceof Error ? error.stack : error);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function failure(input: Input, index: number): Error {
  const inputSeed = seedOf(seed, index);
  const smallest = shrink(input, (smaller) => problemWith(smaller, inputSeed) !== undefined);
  const hexOf = ({ bytes }: Input) => Buffer.from(bytes).toString("hex") || "no bytes";
  return new Error(
    `seed ${seed}, input ${index}: ${input.kind}, ${hexOf(input)}\n` +
      `${problemWith(input, inputSeed)}\n\n` +
      `smallest that fails: ${hexOf(smallest)}\n` +
      `${problemWith(smallest, inputSeed)}\n\n` +
      `again: FC_SEED=${seed} FUZZ_INPUTS=${index + 1} npx vitest run test/wire/fuzz.property.test.ts`,
  );
}

/** The input without all bytes that it fails without. */
function shrink(input: Input, fails: (input: Input) => boolean): Input {
  let smallest = input;
  for (let size = Math.ceil(input.bytes.length / 2); size > 0; size = Math.floor(size / 2)) {
    for (let at = 0; at < smallest.bytes.length; ) {
      const { kind, bytes } = smallest;
      const rest = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + size)]);
      const smaller = { kind, bytes: Uint8Array.from(rest) };
      if (fails(smaller)) smallest = smaller;
      else at += size;
    }
  }
  return smallest;
}

function share(tally: Tally, what: string): number {
  return (tally.get(what) ?? 0) / inputs;
}

function report(tally: Tally): string {
  const number = new Intl.NumberFormat("en");
  const rows = [...tally]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([what, times]) => `${number.format(times).padStart(12)}  ${what}`);
  return [`${number.format(inputs)} inputs, seed ${seed}`, ...rows].join("\n");
}
