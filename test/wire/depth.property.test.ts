import { fromBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type ExecutionKind,
  migrateCallbackToken,
  peekCallbackToken,
  removeCallbackToken,
  replaceCallbackToken,
  WireError,
} from "../../src/wire/index.js";
import { accepts, bareSchemaOf, libertyTaken } from "./acceptance.js";
import {
  delimited,
  group,
  join,
  spec,
  specNumber,
  status,
  statusNumber,
  tag,
  token,
} from "./encode.js";
import { refusalOf } from "./fixtures.js";
import { schemaOf } from "./random-input.js";

const kind = "WorkflowExecution";
const newToken = Uint8Array.of(1, 2, 3);

function groups(depth: number): Uint8Array {
  return join(
    ...Array<Uint8Array>(depth).fill(tag(9, 3)),
    ...Array<Uint8Array>(depth).fill(tag(9, 4)),
  );
}

const readers = [
  ["peekCallbackToken", (bytes: Uint8Array) => peekCallbackToken(kind, bytes)],
  ["replaceCallbackToken", (bytes: Uint8Array) => replaceCallbackToken(kind, bytes, newToken)],
  ["removeCallbackToken", (bytes: Uint8Array) => removeCallbackToken(kind, bytes)],
  ["migrateCallbackToken", (bytes: Uint8Array) => migrateCallbackToken(kind, bytes)],
] as const;

describe.each(readers)("%s", (name, read) => {
  const parts: [string, number, (content: Uint8Array) => Uint8Array][] = [
    ["an execution", 99, (content) => join(content, spec(token(1)))],
    ["its spec", 98, (content) => spec(content, token(1))],
  ];
  if (name === "migrateCallbackToken") parts.push(["its status", 98, (content) => status(content)]);

  it.each(parts)(
    "takes groups in %s %i deep, as protobuf-es does, and no deeper",
    (_, most, place) => {
      const [deep, deeper] = [place(groups(most)), place(groups(most + 1))];
      expect(() => read(deep)).not.toThrow();
      expect(() => fromBinary(schemaOf(kind), deep)).not.toThrow();
      const start = Buffer.from(deeper).indexOf(Buffer.from(groups(most + 1)));
      expect(refusalOf(() => read(deeper))).toEqual({ code: "too-deep", offset: start + most });
      expect(() => fromBinary(schemaOf(kind), deeper)).toThrow("maximum recursion depth");
    },
  );
});

it("steps over the depth of what it does not read", () => {
  const bytes = join(status(groups(200)), delimited(1, groups(200)), spec(token(1)));
  expect(peekCallbackToken(kind, bytes)).toEqual(Uint8Array.of(1));
});

// --- random nesting ---------------------------------------------------------------------------

const number = fc.constantFrom(1, specNumber, statusNumber, 6, 7, 9, 10, 11, 900);

const leaf = fc.oneof(
  fc.tuple(number, fc.uint8Array({ maxLength: 4 })).map(([no, it]) => delimited(no, it)),
  number.map((no) => join(tag(no, 0), 1)),
  number.map((no) => join(tag(no, 5), 1, 2, 3, 4)),
  // A tag that nothing may follow, an end of no group, and a length that is not there.
  fc.constantFrom(tag(9, 3), tag(9, 4), tag(9, 6), join(tag(9, 2), 200), join()),
);

const nested = fc.letrec<{ node: Uint8Array }>((tie) => ({
  node: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    { weight: 6, arbitrary: leaf },
    {
      weight: 3,
      arbitrary: fc
        .tuple(number, fc.array(tie("node"), { maxLength: 4 }), fc.boolean())
        .map(([no, nodes, isGroup]) => (isGroup ? group : delimited)(no, ...nodes)),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.integer({ min: 94, max: 102 }), tie("node"))
        .map(([depth, node]) =>
          join(groups(depth).subarray(0, depth), node, groups(depth).subarray(depth)),
        ),
    },
  ),
})).node;

const execution = fc
  .array(
    fc.oneof(
      nested,
      fc.array(nested, { maxLength: 4 }).map((nodes) => spec(...nodes)),
      fc.array(nested, { maxLength: 4 }).map((nodes) => status(...nodes)),
    ),
    { maxLength: 4 },
  )
  .map((nodes) => join(...nodes));

function isAccepted(call: () => unknown): boolean {
  try {
    call();
    return true;
  } catch (error) {
    return error instanceof WireError && error.code === "conflict";
  }
}

describe.each<ExecutionKind>(["WorkflowExecution", "AgentExecution"])("a %s", (kind) => {
  it("of random nesting is accepted by src/wire exactly when it is by protobuf-es", () => {
    const accepted = { both: 0, neither: 0 };
    fc.assert(
      fc.property(execution, (bytes) => {
        for (const [withStatus, read] of [
          [false, () => peekCallbackToken(kind, bytes)],
          [true, () => migrateCallbackToken(kind, bytes)],
        ] as const) {
          const schema = bareSchemaOf(kind, withStatus);
          const byProtobufEs = accepts(schema, bytes);
          if (libertyTaken(schema, bytes)) continue;
          expect(isAccepted(read)).toBe(byProtobufEs);
          accepted[byProtobufEs ? "both" : "neither"]++;
        }
      }),
      { numRuns: 3000 },
    );
    expect(Math.min(accepted.both, accepted.neither)).toBeGreaterThan(300);
  });
});
