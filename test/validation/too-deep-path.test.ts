import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { expect, it } from "vitest";
import { AgentExecutionListSchema } from "../../src/agentexecution/v1.js";
import { tooDeepPath } from "../../src/validation/too-deep-path.js";

/** Objects within each other, or lists in an object. */
function nested(depth: number, kind: "objects" | "lists", leaf: unknown = 1): unknown {
  let value = leaf;
  for (let i = 0; i < depth; i++)
    value = kind === "objects" || i === depth - 1 ? { a: value } : [value];
  return value;
}

const kinds = ["objects", "lists"] as const;

it.each(kinds)("30 levels of %s are allowed, and no more", (kind) => {
  for (const leaf of [1, null, "x"]) {
    expect(tooDeepPath(nested(30, kind, leaf))).toBeUndefined();
    expect(tooDeepPath(nested(31, kind, leaf))).toBe(
      kind === "objects" ? '["a"]'.repeat(30) : `["a"]${"[0]".repeat(29)}`,
    );
  }
  expect(tooDeepPath(nested(29, kind, {}))).toBeUndefined();
  expect(tooDeepPath(nested(30, kind, {}))).toBeDefined();
});

it.each(kinds)("%s of any depth are looked at without harm", (kind) => {
  expect(tooDeepPath(nested(1_000_000, kind))).toBeDefined();
});

it("objects that hold themselves, or share their parts, are looked at once", () => {
  const circle: Record<string, unknown> = {};
  Object.assign(circle, { a: circle, b: circle });
  expect(tooDeepPath(circle)).toBeDefined();
  let shared: unknown = {};
  for (let i = 0; i < 29; i++) shared = { a: shared, b: shared };
  expect(tooDeepPath(shared)).toBeUndefined();
  expect(tooDeepPath({ a: {}, b: shared })).toBeDefined();
});

it("a part that is shared counts where it is deepest", () => {
  const part = nested(20, "objects");
  expect(tooDeepPath({ first: part, second: nested(10, "objects", part) })).toBe(
    `["second"]${'["a"]'.repeat(29)}`,
  );
});

it.each(kinds)("%s that are allowed are decoded where decoders count most", (kind) => {
  const struct = nested(30, kind) as never;
  const list = create(AgentExecutionListSchema, {
    entries: [
      { status: { messages: [{ toolCalls: [{ componentMetadata: { metadata: struct } }] }] } },
    ],
  });
  const bytes = toBinary(AgentExecutionListSchema, list);
  expect(fromBinary(AgentExecutionListSchema, bytes)).toEqual(list);
  // upb and Java count the entries of maps too, so of their limit of 100 each level takes three.
  expect(depthOf(bytes)).toBeGreaterThan(kind === "objects" ? 90 : 60);
  expect(depthOf(bytes)).toBeLessThanOrEqual(100);
});

/** How many messages stand within each other, the entries of maps included, last field by last field. */
function depthOf(bytes: Uint8Array): number {
  const reader = new BinaryReader(bytes);
  let last: Uint8Array | undefined;
  while (reader.pos < reader.len) {
    const [no, wireType] = reader.tag();
    last = wireType === WireType.LengthDelimited ? reader.bytes() : undefined;
    if (last === undefined) reader.skip(wireType, no);
  }
  return 1 + (last === undefined ? 0 : depthOf(last));
}
