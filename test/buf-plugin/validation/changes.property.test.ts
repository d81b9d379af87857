import {
  create,
  createFileRegistry,
  createRegistry,
  type DescFile,
  type MessageInitShape,
  setExtension,
} from "@bufbuild/protobuf";
import {
  FieldOptionsSchema,
  FileDescriptorProtoSchema,
  file_google_protobuf_descriptor,
  file_google_protobuf_duration,
  file_google_protobuf_field_mask,
  file_google_protobuf_timestamp,
  file_google_protobuf_wrappers,
  FieldDescriptorProto_Label as Label,
  MessageOptionsSchema,
  FieldDescriptorProto_Type as Type,
} from "@bufbuild/protobuf/wkt";
import { createValidator } from "@bufbuild/protovalidate";
import {
  FieldRulesSchema,
  field as fieldOption,
  file_buf_validate_validate,
  MessageRulesSchema,
  message as messageOption,
} from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { optionReader } from "../../../src/buf-plugin/option-reader.js";
import type { Files, Rule } from "../../../src/buf-plugin/rule.js";
import { validationNotLooser } from "../../../src/buf-plugin/rules/validation-not-looser.js";
import { validationNotStricter } from "../../../src/buf-plugin/rules/validation-not-stricter.js";
import { fieldRules, plainRules, type Subject, subjects, telling } from "./random-rules.js";

const imports = [
  file_google_protobuf_descriptor,
  file_google_protobuf_duration,
  file_google_protobuf_field_mask,
  file_google_protobuf_timestamp,
  file_google_protobuf_wrappers,
  file_buf_validate_validate,
];
const registry = createRegistry(...imports);
const option = optionReader(registry);
const validator = createValidator();

type FieldRules = MessageInitShape<typeof FieldRulesSchema>;

/** What a contract says of one field, `value` of message `Checked`. */
interface Said {
  readonly rules: FieldRules | undefined;
  readonly isInOneof: boolean;
  /** The numbers of enum `Choice`. */
  readonly choices: readonly number[];
}

const choices = fc.constantFrom([0, 1, 2], [0, 1], [0, 1, 2, 5]);

function compiled(subject: Subject, hasPresence: boolean, said: Said | undefined): DescFile {
  const options = create(FieldOptionsSchema);
  if (said?.rules) setExtension(options, fieldOption, create(FieldRulesSchema, said.rules));
  const messageOptions = create(MessageOptionsSchema);
  if (said?.isInOneof) {
    const rules = { oneof: [{ fields: ["value", "other"], required: false }] };
    setExtension(messageOptions, messageOption, create(MessageRulesSchema, rules));
  }
  const partOptions = create(FieldOptionsSchema);
  const named: FieldRules = { type: { case: "string", value: { minLen: 1n } } };
  setExtension(partOptions, fieldOption, create(FieldRulesSchema, named));
  const text = (name: string, number: number) => ({
    name,
    jsonName: name,
    number,
    label: Label.OPTIONAL,
    type: Type.STRING,
  });
  const value = {
    name: "value",
    jsonName: "value",
    number: 1,
    label: subject.label ?? Label.OPTIONAL,
    type: subject.type,
    options,
    ...(subject.typeName && { typeName: subject.typeName }),
    ...(hasPresence && { proto3Optional: true, oneofIndex: 0 }),
  };
  const entry = {
    name: "ValueEntry",
    field: [text("key", 1), { ...text("value", 2), type: Type.INT32 }],
    options: { mapEntry: true },
  };
  const file = create(FileDescriptorProtoSchema, {
    name: "test.proto",
    package: "test",
    syntax: "proto3",
    dependency: imports.map(({ proto }) => proto.name),
    messageType: [
      {
        name: "Checked",
        field: [...(said ? [value] : []), text("other", 2)],
        nestedType: [entry],
        oneofDecl: hasPresence && said ? [{ name: "_value" }] : [],
        options: messageOptions,
      },
      { name: "Part", field: [{ ...text("name", 1), options: partOptions }] },
    ],
    enumType: [
      {
        name: "Choice",
        value: (said?.choices ?? [0]).map((number) => ({ name: `CHOICE_${number}`, number })),
      },
    ],
  });
  const found = createFileRegistry(file, (name) => imports.find((it) => it.proto.name === name));
  return found.getFile("test.proto") as DescFile;
}

function filesOf(file: DescFile): Files {
  const own = createRegistry(file);
  return {
    checked: [file],
    known: [file],
    message: (typeName) => own.getMessage(typeName),
    enum: (typeName) => own.getEnum(typeName),
    extension: (typeName) => own.getExtension(typeName),
    service: (typeName) => own.getService(typeName),
    option,
  };
}

/** Whether each of the values is valid, and so is a message without one. Undefined for rules that make no sense. */
function verdicts(file: DescFile, values: readonly unknown[]): boolean[] | undefined {
  const schema = file.messages.find(({ name }) => name === "Checked");
  if (schema === undefined) throw new Error("no message Checked");
  const messages = [{}, { other: "x" }, ...values.map((value) => ({ value }))];
  const kinds = messages.map((init) => {
    const result = validator.validate(schema, create(schema, init as Record<string, unknown>));
    return result.kind;
  });
  return kinds.includes("error") ? undefined : kinds.map((kind) => kind === "valid");
}

function isFound(rule: Rule, now: DescFile, before: DescFile): boolean {
  const [found] = rule.check(filesOf(now), filesOf(before), {});
  return found !== undefined;
}

interface Refusal {
  readonly rule: Rule;
  /** Whether the rule finds the change. */
  readonly isFound: boolean;
  /** Whether one of the values is refused by the one contract and not by the other. */
  readonly isRefused: boolean;
}

/** Of either rule. Undefined for rules that make no sense. */
function refusals(
  before: DescFile,
  now: DescFile,
  values: readonly unknown[],
): Refusal[] | undefined {
  const [old, current] = [before, now].map((file) => verdicts(file, values));
  if (old === undefined || current === undefined) return undefined;
  return [
    { rule: validationNotStricter, from: old, to: current },
    { rule: validationNotLooser, from: current, to: old },
  ].map(({ rule, from, to }) => ({
    rule,
    isFound: isFound(rule, now, before),
    isRefused: from.some((wasValid, index) => wasValid && !to[index]),
  }));
}

interface Tally {
  silent: number;
  found: number;
  /** Found, and one of the values tells why. */
  shown: number;
}

describe.each(Object.entries(subjects))("of a field of type %s", (_, subject) => {
  const isScalar = subject.type !== Type.MESSAGE && subject.label === undefined;
  const presence = isScalar ? fc.boolean() : fc.constant(false);
  const said = fc.record({
    rules: fc.option(fieldRules(subject), { nil: undefined, freq: 6 }),
    isInOneof: fc.boolean(),
    choices,
  });

  // Where nothing else stands between them, a rule that is off by one shows.
  const ofType = fc.record({
    rules: subject.rules.map((type) => type && { type }),
    isInOneof: fc.constant(false),
    choices,
  });
  const pair = fc.oneof(fc.tuple(said, said), fc.tuple(ofType, ofType));

  test("a change that no rule of the plugin reports refuses nothing, and allows nothing", () => {
    const tally: Tally = { silent: 0, found: 0, shown: 0 };
    const property = fc.property(presence, pair, (hasPresence, [one, other]) => {
      const before = compiled(subject, hasPresence, one);
      const now = compiled(subject, hasPresence, other);
      const both = refusals(before, now, subject.values);
      fc.pre(both !== undefined);
      for (const { rule, isFound, isRefused } of both ?? []) {
        if (isFound) {
          tally.found++;
          if (isRefused) tally.shown++;
        } else {
          tally.silent++;
          expect([rule.id, isRefused]).toEqual([rule.id, false]);
        }
      }
    });
    fc.assert(property, { numRuns: 500 });
    // Neither silence nor alarm all the time.
    expect(tally.silent / (tally.silent + tally.found)).toBeGreaterThan(0.1);
    expect(tally.shown / tally.found).toBeGreaterThan(0.3);
  });

  test("a new field that is not reported lets those pass that do not know it", () => {
    const property = fc.property(presence, said, (hasPresence, all) => {
      const before = compiled(subject, hasPresence, undefined);
      const now = compiled(subject, hasPresence, { ...all, isInOneof: false });
      const current = verdicts(now, []);
      fc.pre(current !== undefined);
      if (isFound(validationNotStricter, now, before)) return;
      expect(current).toEqual([true, true]);
    });
    fc.assert(property, { numRuns: 50 });
  });
});

describe.each(Object.entries(telling))("of a field of type %s", (_, subject) => {
  const rules = plainRules(subject);
  const pair = fc.tuple(fc.record({ rules, choices }), fc.record({ rules, choices }));

  test("a change is reported if it refuses or allows something, and else is not", () => {
    const property = fc.property(
      fc.boolean(),
      fc.boolean(),
      pair,
      (hasPresence, isInOneof, [one, other]) => {
        const before = compiled(subject, hasPresence, { ...one, isInOneof });
        const now = compiled(subject, hasPresence, { ...other, isInOneof });
        const both = refusals(before, now, subject.values);
        fc.pre(both !== undefined);
        for (const { rule, isFound, isRefused } of both ?? []) {
          expect([rule.id, isFound]).toEqual([rule.id, isRefused]);
        }
      },
    );
    fc.assert(property, { numRuns: 100 });
  });
});
