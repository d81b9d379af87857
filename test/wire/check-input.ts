import { ok } from "node:assert/strict";
import { createRegistry, type DescMessage, equals, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  clearCallbackToken,
  type Execution,
  type ExecutionSpec,
  setCallbackToken,
} from "../../src/index.js";
import type { CallbackToken } from "../../src/token/index.js";
import {
  type ExecutionKind,
  type MessageKind,
  migrateCallbackToken,
  peekCallbackToken,
  removeCallbackToken,
  replaceCallbackToken,
  type TokenMigration,
  WireError,
} from "../../src/wire/index.js";
import { accepts, bareSchemaOf, libertyTaken } from "./acceptance.js";
import {
  join,
  oldTokenNumber,
  spec,
  specNumber,
  statusNumber,
  tokenNumber,
  varint,
} from "./encode.js";
import { type Refusal, surrounded } from "./fixtures.js";
import { createRandom, type Random } from "./random.js";
import { type Input, schemaOf } from "./random-input.js";
import {
  decodeToken,
  type Field,
  hasDeclaredTypes,
  isDelimited,
  lastValue,
  occurrences,
  parse,
  parseContent,
  Refused,
  tokensIn,
} from "./reference-decoder.js";

/** What has come of the inputs so far: how often each thing was seen. */
export type Tally = Map<string, number>;

/** Throws when src/wire does not do with the input what it promises. */
export function checkInput(input: Input, seed: number, tally: Tally = new Map()): void {
  const { kind, bytes: exact } = input;
  const random = createRandom(seed);
  const margin = random.pick([[0x80], [0xff], [0], [0x3a, 1], [0x22, 3, 0x32, 1, 9], [0x0b]]);
  const bytes = surrounded(exact, ...margin);
  const memory = new Uint8Array(bytes.buffer).slice();
  const count = (what: string) => tally.set(what, (tally.get(what) ?? 0) + 1);

  const expected = outcomeOf(() => decodeToken(kind, exact));
  const actual = outcomeOf(() => peekCallbackToken(kind, bytes));
  demandOutcome("peek", actual, expected);
  demandOutcome(
    "peek without a margin",
    outcomeOf(() => peekCallbackToken(kind, exact)),
    expected,
  );
  if (actual.value) ok(actual.value.buffer === bytes.buffer, "peek gives no view");

  const token = random.chance(0.3) && actual.value ? actual.value.slice() : randomToken(random);
  const remove = () => removeCallbackToken(kind, bytes);
  const replace = () => replaceCallbackToken(kind, bytes, token);
  demandAcceptance("peek", actual, bareSchemaOf(kind), exact);
  const decoded = decodeWithProtobufEs(input);
  if (decoded) count("accepted by protobuf-es");
  if (expected.refusal) {
    count(`refused as ${expected.refusal.code}`);
    demandOutcome("remove", outcomeOf(remove), expected);
    demandOutcome("replace", outcomeOf(replace), expected);
  } else {
    count("accepted by the reference decoder");
    count(expected.value ? "with a token" : "without a token");
    const [removed, replaced] = [remove(), replace()];
    checkRemoved(kind, bytes, removed);
    checkReplaced(kind, bytes, replaced, token);
    if (decoded && hasDeclaredTypes(schemaOf(kind), exact)) {
      count("accepted by protobuf-es, and comparable");
      checkProtobufEs(kind, decoded, { token: expected.value, removed, replaced, newToken: token });
    }
  }
  if (kind === "WorkflowExecution" || kind === "AgentExecution") {
    checkMigration(kind, exact, bytes, count);
  }
  ok(isSame(new Uint8Array(bytes.buffer), memory), "the input, or what is around it, was changed");
}

function randomToken(random: Random): Uint8Array {
  const length = random.chance(0.001) ? 8192 : 1 + random.below(random.pick([4, 140]));
  return random.bytes(length);
}

interface Outcome<Value> {
  readonly value?: Value | undefined;
  readonly refusal?: Refusal;
}

function outcomeOf<Value>(call: () => Value): Outcome<Value> {
  try {
    return { value: call() };
  } catch (error) {
    if (!(error instanceof WireError || error instanceof Refused)) throw error;
    return { refusal: { code: error.code, offset: error.offset } };
  }
}

function demandOutcome(
  what: string,
  actual: Outcome<Uint8Array | undefined>,
  expected: Outcome<Uint8Array | undefined>,
): void {
  const isAsExpected =
    actual.refusal?.code === expected.refusal?.code &&
    actual.refusal?.offset === expected.refusal?.offset &&
    isSame(actual.value, expected.value);
  if (!isAsExpected) ok(false, `${what}: expected ${shown(expected)}, got ${shown(actual)}`);
}

function shown({ value, refusal }: Outcome<Uint8Array | undefined>): string {
  if (refusal) return `${refusal.code} at ${refusal.offset}`;
  return value ? `token ${Buffer.from(value).toString("hex")}` : "no token";
}

function isSame(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a && b ? Buffer.compare(a, b) === 0 : a === b;
}

// --- replace and remove -----------------------------------------------------------------------

function checkRemoved(kind: MessageKind, bytes: Uint8Array, removed: Uint8Array): void {
  const isEmpty = nonEmpty(tokensIn(kind, bytes)).length === 0;
  ok((removed === bytes) === isEmpty, "remove: the input itself if it has no token, only then");
  ok(isEmpty || removed.buffer !== bytes.buffer, "remove: the result shares memory");
  ok(nonEmpty(tokensIn(kind, removed)).length === 0, "remove: a token is left");
  ok(removeCallbackToken(kind, removed) === removed, "remove: changes its own result");
  demandSameRest(bytes, removed, kind, [[specNumber, tokenNumber(kind)]]);
}

function checkReplaced(
  kind: MessageKind,
  bytes: Uint8Array,
  replaced: Uint8Array,
  token: Uint8Array,
): void {
  const before = tokensIn(kind, bytes);
  const isThere = nonEmpty(before).length === 1 && isSame(lastValue(before), token);
  ok((replaced === bytes) === isThere, "replace: the input itself if it is so already, only then");
  ok(isThere || replaced.buffer !== bytes.buffer, "replace: the result shares memory");
  ok(replaced.buffer !== token.buffer, "replace: the result shares memory with the token");
  ok(isSame(peekCallbackToken(kind, replaced), token), "replace, then peek: another token");
  const after = tokensIn(kind, replaced);
  ok(isSame(lastValue(after), token), "replace, then decode: another token");
  ok(nonEmpty(after).length === 1, "replace: an earlier token is left");
  ok(replaceCallbackToken(kind, replaced, token) === replaced, "replace: changes its own result");
  const whole = withSpec(kind, bytes);
  demandSameRest(whole, replaced, kind, [[specNumber, tokenNumber(kind)]]);
}

function nonEmpty(fields: Field[]): Field[] {
  return fields.filter(({ content }) => content?.length);
}

function withSpec(kind: MessageKind, bytes: Uint8Array): Uint8Array {
  const hasSpec = kind.endsWith("Spec") || parse(bytes).some((it) => isDelimited(it, specNumber));
  return hasSpec ? bytes : join(bytes, spec());
}

type Edited = readonly (readonly [outer: number, inner: number])[];

/** All but the fields `inner` of the messages `outer` is byte-equal, and in the same order. */
function demandSameRest(
  before: Uint8Array,
  after: Uint8Array,
  kind: MessageKind,
  edited: Edited,
): void {
  const [fields, others] = [parse(before), parse(after)];
  if (kind.endsWith("Spec")) {
    demandSameFields(fields, others, tokenNumber(kind));
    return;
  }
  ok(fields.length === others.length, "fields came or went");
  for (const [index, field] of fields.entries()) {
    const other = others[index] ?? field;
    const inner = edited.find(([outer]) => isDelimited(field, outer))?.[1];
    if (inner === undefined) {
      ok(isSame(field.raw, other.raw), "a field was changed");
      continue;
    }
    demandSameFields(parseContent(before, field), parseContent(after, other), inner);
    ok(isSame(tagOf(before, field), tagOf(after, other)), "the tag of a message was changed");
    const size = other.content?.length ?? 0;
    const length = field.content?.length === size ? lengthOf(before, field) : varint(size);
    ok(isSame(lengthOf(after, other), length), "the length of a message is not as expected");
  }
}

function demandSameFields(before: Field[], after: Field[], but: number): void {
  const [fields, others] = [before, after].map((all) => all.filter((it) => !isDelimited(it, but)));
  ok(fields?.length === others?.length, "fields beside the token came or went");
  for (const [index, field] of fields?.entries() ?? []) {
    ok(isSame(field.raw, others?.[index]?.raw), "a field beside the token was changed");
  }
}

function tagOf(bytes: Uint8Array, { at, lengthAt }: Field): Uint8Array {
  return bytes.subarray(at, lengthAt);
}

function lengthOf(bytes: Uint8Array, { lengthAt, contentAt }: Field): Uint8Array {
  return bytes.subarray(lengthAt, contentAt);
}

// --- protobuf-es ------------------------------------------------------------------------------

const registry = createRegistry();

type Message = Execution | ExecutionSpec;

function decodeWithProtobufEs({ kind, bytes }: Input): Message | undefined {
  try {
    return fromBinary(schemaOf(kind), bytes) as Message;
  } catch {
    return undefined;
  }
}

interface Results {
  readonly token: Uint8Array | undefined;
  readonly removed: Uint8Array;
  readonly replaced: Uint8Array;
  readonly newToken: Uint8Array;
}

// protobuf-es 2.17 also accepts, and gives another meaning to, known fields with another wire type,
// varints of any length and messages whose last field goes on after their end: not for comparison.
function checkProtobufEs(
  kind: MessageKind,
  message: Message,
  { token, removed, replaced, newToken }: Results,
): void {
  const spec = "apiVersion" in message ? message.spec : message;
  const decoded = spec?.callbackToken.length ? spec.callbackToken : undefined;
  ok(isSame(decoded, token), "protobuf-es decodes another token");

  const schema = schemaOf(kind);
  const isMessage = (bytes: Uint8Array) => {
    const other = fromBinary(schema, bytes);
    // Equal bytes too, as a NaN does not equal itself.
    return (
      equals(schema, other, message, { unknown: true, registry }) ||
      isSame(toBinary(schema, other), toBinary(schema, message))
    );
  };
  clearCallbackToken(message);
  ok(isMessage(removed), "remove, then decode: not what decode, then clear gives");
  setCallbackToken(message, newToken as CallbackToken);
  ok(isMessage(replaced), "replace, then decode: not what decode, then set gives");
}

// protobuf-es accepts what src/wire accepts, and the reverse, when it knows as little of the message. An
// exception has to be one of its liberties.
function demandAcceptance(
  what: string,
  { refusal }: Outcome<unknown>,
  schema: DescMessage,
  bytes: Uint8Array,
): void {
  if (accepts(schema, bytes) === !refusal) return;
  ok(libertyTaken(schema, bytes), `${what}: ${refusal?.code ?? "accepted"}, unlike protobuf-es`);
}

// --- migrate ----------------------------------------------------------------------------------

function checkMigration(
  kind: ExecutionKind,
  exact: Uint8Array,
  bytes: Uint8Array,
  count: (what: string) => void,
): void {
  const [number, oldNumber] = [tokenNumber(kind), oldTokenNumber(kind)];
  const expected = outcomeOf(() => modelMigration(exact, oldNumber, number));
  const actual = outcomeOf(() => migrateCallbackToken(kind, bytes));
  if (actual.refusal?.code !== "conflict") {
    demandAcceptance("migrate", actual, bareSchemaOf(kind, true), exact);
  }
  const { migration, former } = expected.value ?? {};
  count(`migrate: ${migration ?? expected.refusal?.code}`);
  ok(
    actual.value?.migration === migration &&
      actual.refusal?.code === expected.refusal?.code &&
      actual.refusal?.offset === expected.refusal?.offset,
    "migrate: another outcome than the model's",
  );
  const migrated = actual.value?.bytes;
  if (!migrated) return;

  const isUnchanged = migration === "unchanged";
  ok((migrated === bytes) === isUnchanged, "migrate: the input itself if unchanged, only then");
  if (isUnchanged) return;
  ok(migrated.buffer !== bytes.buffer, "migrate: the result shares memory");
  const again = migrateCallbackToken(kind, migrated);
  ok(again.migration === "unchanged" && again.bytes === migrated, "migrate: not done at once");
  const left = occurrences(migrated, statusNumber, oldNumber);
  ok(nonEmpty(left).length === 0, "migrate: a token is left in the status");
  const inStatus: Edited = [[statusNumber, oldNumber]];
  if (migration === "removed") {
    demandSameRest(exact, migrated, kind, inStatus);
    const specs = occurrences(exact, specNumber, number);
    const specsAfter = occurrences(migrated, specNumber, number);
    ok(
      specs.every(({ raw }, index) => isSame(raw, specsAfter[index]?.raw)),
      "migrate: the token of the spec was changed",
    );
  } else {
    ok(isSame(decodeToken(kind, migrated), former), "migrate: another token in the spec");
    ok(nonEmpty(tokensIn(kind, migrated)).length === 1, "migrate: an earlier token is left");
    demandSameRest(withSpec(kind, exact), migrated, kind, [...inStatus, [specNumber, number]]);
  }
}

function modelMigration(
  bytes: Uint8Array,
  oldNumber: number,
  number: number,
): { migration: TokenMigration; former?: Uint8Array | undefined } {
  const inStatus = occurrences(bytes, statusNumber, oldNumber);
  const current = lastValue(occurrences(bytes, specNumber, number));
  if (nonEmpty(inStatus).length === 0) return { migration: "unchanged" };
  const former = lastValue(inStatus);
  if (!former || isSame(former, current)) return { migration: "removed", former };
  if (current) throw new Refused("conflict", inStatus.at(-1)?.contentAt ?? 0);
  return { migration: "moved", former };
}
