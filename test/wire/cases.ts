import type { WireErrorCode } from "../../src/wire/index.js";
import {
  delimited,
  group,
  join,
  otherWireTypes,
  spec,
  specNumber,
  status,
  tag,
  token,
  varint,
} from "./encode.js";

// Encoded WorkflowExecutions, each with what decoders make of it.

export interface Accepted {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly token: Uint8Array | undefined;
  /** Why protobuf-es 2.17 has another answer. */
  readonly protobufEsDiffers?: string;
}

const [one, two] = [Uint8Array.of(1, 1, 1), Uint8Array.of(2, 2)];
const wrongType = "it reads a known field with another wire type as the declared type";

const lengthOfTwo = (size: number) => varint(2n + (size > 4 ? 2n ** (7n * BigInt(size) - 1n) : 0n));

export const accepted: Accepted[] = [
  { name: "no bytes at all", bytes: join(), token: undefined },
  { name: "no spec", bytes: delimited(1, 1, 2), token: undefined },
  { name: "an empty spec", bytes: spec(), token: undefined },
  { name: "a spec without a token", bytes: spec(delimited(6, 1)), token: undefined },
  { name: "a token", bytes: spec(token(one)), token: one },
  {
    name: "a token between other fields",
    bytes: spec(delimited(6), token(one), delimited(8)),
    token: one,
  },
  {
    name: "a spec between other fields",
    bytes: join(delimited(1), spec(token(one)), status()),
    token: one,
  },
  { name: "an empty token", bytes: spec(token()), token: undefined },
  { name: "two tokens, of which the last counts", bytes: spec(token(one), token(two)), token: two },
  {
    name: "an empty token that unsets the one before",
    bytes: spec(token(one), token()),
    token: undefined,
  },
  { name: "an empty token before another", bytes: spec(token(), token(one)), token: one },
  {
    name: "two specs with tokens, of which the last counts",
    bytes: join(spec(token(one)), spec(token(two))),
    token: two,
  },
  {
    name: "a second spec without a token, which merges",
    bytes: join(spec(token(one)), spec(delimited(6, 1))),
    token: one,
  },
  { name: "an empty second spec, which merges", bytes: join(spec(token(one)), spec()), token: one },
  {
    name: "a second spec that unsets the token",
    bytes: join(spec(token(one)), spec(token())),
    token: undefined,
  },
  {
    name: "specs with other fields between",
    bytes: join(spec(), status(), spec(token(one)), delimited(2), spec()),
    token: one,
  },
  {
    name: "a token in the status, where it was",
    bytes: join(spec(), status(delimited(11, one))),
    token: undefined,
  },
  {
    name: "the number of the token, outside a spec",
    bytes: join(token(one), status(token(one))),
    token: undefined,
  },
  { name: "the other kind's number", bytes: spec(delimited(6, 1)), token: undefined },
  { name: "a spec in a spec", bytes: spec(delimited(4, 10, 0, 18, 0)), token: undefined },

  ...otherWireTypes(specNumber).flatMap(([type, field]): Accepted[] => [
    {
      name: `a spec as ${type}, which is unknown`,
      bytes: field,
      token: undefined,
      protobufEsDiffers: wrongType,
    },
    {
      name: `a spec as ${type} after a spec`,
      bytes: join(spec(token(one)), field),
      token: one,
      protobufEsDiffers: wrongType,
    },
  ]),
  ...otherWireTypes(7).flatMap(([type, field]): Accepted[] => [
    {
      name: `a token as ${type}, which is unknown`,
      bytes: spec(field),
      token: undefined,
      protobufEsDiffers: wrongType,
    },
    {
      name: `a token as ${type} after a token`,
      bytes: spec(token(one), field),
      token: one,
      protobufEsDiffers: wrongType,
    },
  ]),

  { name: "a spec in an unknown group", bytes: group(9, spec(token(one))), token: undefined },
  {
    name: "a token in an unknown group of the spec",
    bytes: spec(group(9, token(one))),
    token: undefined,
  },
  { name: "a token after a group", bytes: spec(group(9, token(two)), token(one)), token: one },
  {
    name: "a spec after a group",
    bytes: join(group(9, spec(token(two))), spec(token(one))),
    token: one,
  },
  {
    name: "a malformed spec in an unknown group",
    bytes: group(9, spec(0, 0xff)),
    token: undefined,
  },
  {
    name: "nested groups",
    bytes: join(group(9, group(8, spec(token(two))), spec(token(two))), spec(token(one))),
    token: one,
  },
  {
    name: "nested groups of one number",
    bytes: spec(group(9, group(9), token(two)), token(one)),
    token: one,
  },
  { name: "an empty group", bytes: join(group(9), spec(token(one))), token: one },
  {
    name: "fields of every wire type in a group",
    bytes: spec(group(9, ...otherWireTypes(8).map(([, field]) => field)), token(one)),
    token: one,
  },
  {
    name: "a group whose end has an overlong tag",
    bytes: spec(tag(9, 3), token(two), tag(9, 4, 5), token(one)),
    token: one,
  },

  ...[2, 3, 4, 5].flatMap((size): Accepted[] => [
    {
      name: `a spec's tag of ${size} bytes`,
      bytes: join(tag(specNumber, 2, size), spec(token(one)).subarray(1)),
      token: one,
    },
    { name: `a token's tag of ${size} bytes`, bytes: spec(tag(7, 2, size), 3, one), token: one },
    {
      name: `an unknown field's tag of ${size} bytes`,
      bytes: spec(tag(9, 0, size), 1, token(one)),
      token: one,
    },
  ]),
  ...[2, 3, 4, 5, 6, 7, 8, 9, 10].flatMap((size): Accepted[] => [
    {
      name: `a spec's length of ${size} bytes`,
      bytes: join(tag(specNumber, 2), varint(5, size), token(one)),
      token: one,
    },
    {
      name: `a token's length of ${size} bytes`,
      bytes: spec(tag(7, 2), varint(3, size), one),
      token: one,
    },
    {
      name: `an unknown field's length of ${size} bytes`,
      bytes: spec(tag(9, 2), varint(2, size), 1, 1, token(one)),
      token: one,
    },
    {
      name: `an unknown field's value of ${size} bytes`,
      bytes: spec(tag(9, 0), varint(1, size), token(one)),
      token: one,
    },
  ]),
  ...[5, 6, 7, 8, 9].map(
    (size): Accepted => ({
      name: `a length of ${size} bytes, of which 32 bits count`,
      bytes: spec(tag(7, 2), lengthOfTwo(size), two),
      token: two,
    }),
  ),
  {
    name: "a length of 10 bytes with every bit above the 32nd",
    bytes: spec(tag(7, 2), varint(2n ** 70n - 2n ** 32n + 2n), two),
    token: two,
  },
  {
    name: "a value of 10 bytes with every bit",
    bytes: spec(tag(9, 0), varint(2n ** 70n - 1n), token(one)),
    token: one,
  },
  { name: "the largest field number", bytes: spec(tag(2 ** 29 - 1, 0), 1, token(one)), token: one },
  {
    name: "the smallest field number",
    bytes: join(delimited(1), spec(delimited(1), token(one))),
    token: one,
  },
  {
    name: "a field number that ends in the token's bits",
    bytes: spec(token(one), delimited(7 + 2 ** 20, two)),
    token: one,
  },
  { name: "reserved field numbers", bytes: spec(delimited(19_000, 1), token(one)), token: one },
  {
    name: "fixed64 and fixed32 fields with token-like content",
    bytes: spec(tag(9, 1), token(one), 0, 0, 0, tag(9, 5), 58, 1, 1, 1, token(two)),
    token: two,
  },
  {
    name: "malformed bytes in the status",
    bytes: join(status(0, 0xff, 0x0f), spec(token(one))),
    token: one,
    protobufEsDiffers: "it reads the status",
  },
  {
    name: "malformed bytes in the metadata",
    bytes: join(delimited(3, 0xff), spec(token(one))),
    token: one,
    protobufEsDiffers: "it reads the metadata",
  },
  {
    name: "text that is not UTF-8",
    bytes: join(delimited(1, 0xff), spec(delimited(6, 0xff), token(one))),
    token: one,
    protobufEsDiffers: "it refuses such text",
  },
];

export interface Malformed {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The code for the outermost message and for a message in it, where they differ. */
  readonly code:
    | WireErrorCode
    | { readonly outermost: WireErrorCode; readonly inner: WireErrorCode };
  /** Where the field at fault starts; 0 if not given. */
  readonly offset?: number;
  /** What protobuf-es 2.17 accepts of it. */
  readonly protobufEsAccepts?: string;
}

export const malformed: Malformed[] = [
  { name: "a tag that ends early", bytes: join(0x80), code: "truncated" },
  {
    name: "an overlong tag that ends early",
    bytes: join(0x88, 0x80, 0x80, 0x80),
    code: "truncated",
  },
  { name: "a varint field without a value", bytes: tag(9, 0), code: "truncated" },
  { name: "a varint that ends early", bytes: join(tag(9, 0), 0x80, 0x80), code: "truncated" },
  {
    name: "seven bytes of fixed64",
    bytes: join(tag(9, 1), 1, 1, 1, 1, 1, 1, 1),
    code: "truncated",
  },
  { name: "three bytes of fixed32", bytes: join(tag(9, 5), 1, 1, 1), code: "truncated" },
  { name: "a field without a length", bytes: tag(9, 2), code: "truncated" },
  { name: "a length that ends early", bytes: join(tag(9, 2), 0x80), code: "truncated" },
  {
    name: "a group without an end",
    bytes: join(tag(9, 3), tag(1, 0), 1),
    code: "truncated",
    offset: 3,
  },
  {
    name: "a group in a group without an end",
    bytes: join(tag(9, 3), tag(8, 3), tag(8, 4)),
    code: "truncated",
    offset: 3,
  },
  {
    name: "a field in a group that ends early",
    bytes: join(tag(9, 3), tag(1, 5), 1),
    code: "truncated",
    offset: 1,
  },
  {
    name: "a length of one byte more than there is",
    bytes: join(tag(9, 2), 3, 1, 1),
    code: { outermost: "truncated", inner: "length-overflow" },
  },
  {
    name: "a length of far more than there is",
    bytes: join(tag(9, 2), varint(2 ** 31 - 1)),
    code: { outermost: "truncated", inner: "length-overflow" },
  },
  {
    name: "a length of too much in a group",
    bytes: join(tag(9, 3), tag(1, 2), 9, tag(9, 4)),
    code: { outermost: "truncated", inner: "length-overflow" },
    offset: 1,
  },
  { name: "a length of 2 GiB", bytes: join(tag(9, 2), varint(2 ** 31)), code: "length-overflow" },
  {
    name: "a length of 4 GiB less one byte",
    bytes: join(tag(9, 2), varint(2 ** 32 - 1)),
    code: "length-overflow",
  },
  {
    name: "a negative length, in ten bytes",
    bytes: join(tag(9, 2), varint(2n ** 64n - 1n)),
    code: "length-overflow",
  },
  ...[0, 1, 2, 3, 4, 5, 6, 7].map(
    (type): Malformed => ({
      name: `field number 0 with wire type ${type}`,
      bytes: join(type, 0, 0),
      code: "bad-tag",
    }),
  ),
  { name: "field number 0 in two bytes", bytes: join(0x82, 0, 0), code: "bad-tag" },
  { name: "a field number of 30 bits", bytes: join(tag(2 ** 29, 0), 0), code: "bad-tag" },
  {
    name: "the spec's field number with a bit too many",
    bytes: join(tag(specNumber + 2 ** 29, 2), 0),
    code: "bad-tag",
  },
  {
    name: "the token's field number with a bit too many",
    bytes: join(tag(7 + 2 ** 31, 2), 0),
    code: "bad-tag",
  },
  { name: "the end of no group", bytes: tag(9, 4), code: "bad-tag" },
  {
    name: "the end of another group",
    bytes: join(tag(9, 3), tag(1, 0), 1, tag(8, 4)),
    code: "bad-tag",
    offset: 3,
  },
  {
    name: "the end of the outer group in the inner",
    bytes: join(tag(9, 3), tag(8, 3), tag(9, 4)),
    code: "bad-tag",
    offset: 2,
  },
  { name: "a second end of a group", bytes: join(group(9), tag(9, 4)), code: "bad-tag", offset: 2 },
  { name: "wire type 6", bytes: join(tag(9, 6), 0), code: "bad-wire-type" },
  { name: "wire type 7", bytes: join(tag(9, 7), 0), code: "bad-wire-type" },
  { name: "the token's number with wire type 6", bytes: join(tag(7, 6), 0), code: "bad-wire-type" },
  {
    name: "wire type 7 in a group",
    bytes: join(tag(9, 3), tag(1, 7), tag(9, 4)),
    code: "bad-wire-type",
    offset: 1,
  },
  { name: "a tag of six bytes", bytes: join(tag(9, 0, 6), 0), code: "too-long" },
  { name: "a length of eleven bytes", bytes: join(tag(9, 2), varint(0, 11)), code: "too-long" },
  {
    name: "a value of eleven bytes",
    bytes: join(tag(9, 0), varint(0, 11)),
    code: "too-long",
    protobufEsAccepts: "it skips a varint of any length",
  },
  {
    name: "a value of eleven bytes in a group",
    bytes: group(9, tag(1, 0), varint(0, 11)),
    code: "too-long",
    offset: 1,
    protobufEsAccepts: "it skips a varint of any length",
  },
];
