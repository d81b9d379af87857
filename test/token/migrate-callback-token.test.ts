import { clone, create, createRegistry, equals, type Message, toBinary } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AgentExecutionSchema } from "../../src/agentexecution/v1.js";
import {
  callbackToken,
  describeCallbackToken,
  type Execution,
  getCallbackToken,
  migrateCallbackToken,
  type TokenMigration,
} from "../../src/index.js";
import { migrateCallbackToken as migrateBytes, WireError } from "../../src/wire/index.js";
import {
  WorkflowExecutionSchema,
  WorkflowExecutionSpecSchema,
} from "../../src/workflowexecution/v1.js";
import { findSecrets } from "../find-secrets.js";
import {
  type Carrier,
  carriers,
  decode,
  encode,
  executions,
  refusal,
  taskToken,
  tokenBytes,
} from "./fixtures.js";

const statusField = 5;
const empty = new Uint8Array();
const other = callbackToken(Uint8Array.of(1, 2, 3));
const every = { registry: createRegistry(), unknown: true };

type Migrate = (schema: Carrier["schema"], message: Message) => TokenMigration;
const migrate = migrateCallbackToken as unknown as Migrate;

const cases = executions.map((carrier) => ({
  ...carrier,
  number: carrier.name.startsWith("Workflow") ? 11 : 10,
}));

function delimited(no: number, content: Uint8Array): Uint8Array {
  return new BinaryWriter().tag(no, WireType.LengthDelimited).bytes(content).finish();
}

/** Fields with a number in the wire types that a token never had. */
function otherWireTypes(no: number): Uint8Array {
  return new BinaryWriter()
    .tag(no, WireType.Varint)
    .uint32(7)
    .tag(no, WireType.Bit32)
    .fixed32(7)
    .tag(no, WireType.Bit64)
    .fixed64(7)
    .tag(no, WireType.StartGroup)
    .tag(no, WireType.LengthDelimited)
    .bytes(taskToken)
    .tag(no, WireType.EndGroup)
    .finish();
}

describe.each(cases)("migrateCallbackToken of a $name", (carrier) => {
  const { schema, make, number } = carrier;

  /** What is decoded from an execution that has these fields in its status too. */
  function old(token: Uint8Array, ...fields: Uint8Array[]): Execution {
    const status = delimited(statusField, Buffer.concat(fields));
    const bytes = Buffer.concat([encode(carrier, make(token)), status]);
    return decode(carrier, Uint8Array.from(bytes)) as Execution;
  }
  const former = (token: Uint8Array) => delimited(number, token);
  const unknown = (text: string) => delimited(900, Buffer.from(text));
  const same = (a: Execution, b: Execution) => equals(schema, a, b, every);
  const tokenIn = (message: Execution) => {
    const token = getCallbackToken(message);
    return token && describeCallbackToken(token);
  };

  it("moves the token that an old service has written to where it is read", () => {
    const message = old(empty, former(taskToken));
    expect(getCallbackToken(message)).toBeUndefined();
    expect(migrate(schema, message)).toBe("moved");
    expect(tokenIn(message)).toBe(describeCallbackToken(taskToken));
    expect(Buffer.from(encode(carrier, message))).toEqual(
      Buffer.from(encode(carrier, make(taskToken))),
    );
  });

  it("moves it to a spec that it creates", () => {
    const status = delimited(statusField, former(taskToken));
    const message = decode(carrier, Uint8Array.from(status)) as Execution;
    expect(message.spec).toBeUndefined();
    expect(migrate(schema, message)).toBe("moved");
    expect(message.spec?.$typeName).toBe(`${schema.typeName}Spec`);
    expect(tokenIn(message)).toBe(describeCallbackToken(taskToken));
  });

  it("moves a copy that does not hold the memory of the whole message", () => {
    const message = old(empty, former(taskToken));
    migrate(schema, message);
    expect(message.spec?.callbackToken.buffer.byteLength).toBe(taskToken.length);
  });

  it.each<[string, TokenMigration, Uint8Array, Uint8Array, Uint8Array[]]>([
    ["the same one is in the spec", "removed", taskToken, taskToken, [former(taskToken)]],
    ["the last one is in the spec", "removed", other, other, [former(taskToken), former(other)]],
    ["it is the last one", "moved", other, empty, [former(taskToken), former(other)]],
    ["it follows an empty one", "moved", other, empty, [former(empty), former(other)]],
    ["an empty one follows it", "removed", empty, empty, [former(taskToken), former(empty)]],
    ["one is in the spec only", "unchanged", other, other, []],
    ["an empty one is there", "unchanged", empty, empty, [former(empty)]],
    ["an empty one is there, and one in the spec", "unchanged", other, other, [former(empty)]],
    [
      "an empty one follows it, and another is in the spec",
      "removed",
      other,
      other,
      [former(taskToken), former(empty)],
    ],
    [
      "it has the longest length",
      "moved",
      new Uint8Array(8192),
      empty,
      [former(new Uint8Array(8192))],
    ],
  ])("when %s: %s", (_, migration, expected, spec, fields) => {
    const message = old(spec, ...fields);
    expect(migrate(schema, message)).toBe(migration);
    expect(Buffer.from(message.spec?.callbackToken ?? [])).toEqual(Buffer.from(expected));
    const left = old(expected, ...(migration === "unchanged" ? fields : []));
    expect(same(message, left)).toBe(true);
    expect(migrate(schema, message)).toBe("unchanged");
    expect(same(message, left)).toBe(true);
  });

  it("has nothing to do without a status or a spec", () => {
    const message = create(schema) as unknown as Execution;
    expect(migrate(schema, message)).toBe("unchanged");
    expect(message).toStrictEqual(create(schema));
    const withSpec = make(taskToken) as Execution;
    delete withSpec.status;
    expect(migrate(schema, withSpec)).toBe("unchanged");
    expect(withSpec.status).toBeUndefined();
  });

  it("keeps all other unknown fields, in their order", () => {
    const kept = [
      ...[unknown("a"), otherWireTypes(number), unknown("b")],
      ...[delimited(21 - number, taskToken), unknown("a")],
    ];
    const [a, b, c, d, e] = kept as [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    const message = old(empty, a, former(other), b, c, former(taskToken), d, e);
    expect(migrate(schema, message)).toBe("moved");
    const left = old(taskToken, ...kept);
    expect(Buffer.from(toBinary(schema, message))).toEqual(Buffer.from(toBinary(schema, left)));
  });

  it("takes fields of the same number with other wire types for no token", () => {
    const message = old(empty, otherWireTypes(number));
    const before = clone(schema, message) as Execution;
    expect(migrate(schema, message)).toBe("unchanged");
    expect(same(message, before)).toBe(true);
  });

  it("leaves the number alone that the other kind had, and its own elsewhere", () => {
    const message = old(empty, delimited(21 - number, taskToken));
    const field = { no: number, wireType: WireType.LengthDelimited, data: Uint8Array.of(1, 7) };
    message.$unknown = [field];
    if (message.spec) message.spec.$unknown = [field];
    const before = clone(schema, message) as Execution;
    expect(migrate(schema, message)).toBe("unchanged");
    expect(same(message, before)).toBe(true);
  });

  it.each<[string, string, Uint8Array, Uint8Array[]]>([
    ["another one is in the spec", "conflict", other, [former(taskToken)]],
    [
      "one with the same beginning is in the spec",
      "conflict",
      taskToken.subarray(0, -1),
      [former(taskToken)],
    ],
    [
      "a longer one is in the spec",
      "conflict",
      Uint8Array.from([...taskToken, 7]),
      [former(taskToken)],
    ],
    [
      "one of the same length is in the spec",
      "conflict",
      Uint8Array.from(taskToken, (byte, at) => (at === 50 ? byte ^ 1 : byte)),
      [former(taskToken)],
    ],
    ["the last one is another", "conflict", taskToken, [former(taskToken), former(other)]],
    ["it is too long", "too-long", empty, [former(new Uint8Array(8193))]],
    ["the last one is too long", "too-long", other, [former(other), former(new Uint8Array(8193))]],
    ["the spec's is too long", "too-long", new Uint8Array(8193), [former(taskToken)]],
  ])("refuses it when %s, shows nothing and changes nothing", (_, code, spec, fields) => {
    const message = old(spec, unknown("a"), ...fields, unknown("b"));
    const before = clone(schema, message) as Execution;
    const { code: found, message: text } = refusal(() => migrate(schema, message));
    expect(found).toBe(code);
    expect(findSecrets(text, [taskToken, other])).toEqual([]);
    expect(same(message, before)).toBe(true);
  });

  it("names the place of a conflict", () => {
    const message = old(other, former(taskToken));
    expect(refusal(() => migrate(schema, message)).message).toContain(
      `${schema.typeName}Status field ${number}`,
    );
  });

  it("does to a message what the migration of its bytes does", () => {
    const name = carrier.name as "WorkflowExecution" | "AgentExecution";
    const token = fc.oneof(tokenBytes, fc.constantFrom<Uint8Array>(empty, taskToken, other));
    const formerField = token.map(former);
    const fields = fc.array(
      fc.oneof(
        { weight: 3, arbitrary: formerField },
        fc.constantFrom(unknown("a"), unknown("b"), otherWireTypes(number)),
      ),
      { maxLength: 4 },
    );
    const seen = new Set<string>();
    fc.assert(
      fc.property(token, fields, fc.boolean(), (spec, fields, isSame) => {
        const given = old(spec, ...(isSame ? [...fields, former(spec)] : fields));
        const bytes = toBinary(schema, given);
        const ofBytes = attempt(() => {
          const { migration, bytes: migrated } = migrateBytes(name, bytes);
          return { migration, message: decode(carrier, migrated) as Execution };
        });
        const ofMessage = attempt(() => ({ migration: migrate(schema, given), message: given }));
        seen.add(typeof ofMessage === "string" ? ofMessage : ofMessage.migration);
        if (typeof ofMessage === "string" || typeof ofBytes === "string") {
          expect([ofBytes, ofMessage]).toEqual(["conflict", "conflict"]);
          return;
        }
        expect(ofMessage.migration).toBe(ofBytes.migration);
        // The bytes may keep an empty one, which is none.
        const [a, b] = [ofMessage.message, ofBytes.message].map((message) => {
          const decoded = decode(carrier, toBinary(schema, message)) as Execution;
          withoutEmpty(decoded);
          return decoded;
        }) as [Execution, Execution];
        expect(same(a, b)).toBe(true);
      }),
      { numRuns: 300 },
    );
    expect([...seen].sort()).toEqual(["conflict", "moved", "removed", "unchanged"]);

    function withoutEmpty({ status }: Execution) {
      const isEmpty = { no: number, wireType: WireType.LengthDelimited, data: Uint8Array.of(0) };
      const kept = status?.$unknown?.filter((field) => !equalFields(field, isEmpty));
      if (status !== undefined && kept !== undefined) status.$unknown = kept;
    }
  });
});

interface Field {
  readonly no: number;
  readonly wireType: WireType;
  readonly data: Uint8Array;
}

function equalFields(a: Field, b: Field): boolean {
  return a.no === b.no && a.wireType === b.wireType && Buffer.compare(a.data, b.data) === 0;
}

/** What a call gives, or the code that it refuses with. */
function attempt<T>(call: () => T): T | string {
  try {
    return call();
  } catch (error) {
    return error instanceof WireError
      ? error.code
      : refusal(() => {
          throw error;
        }).code;
  }
}

describe("migrateCallbackToken refuses", () => {
  const workflow = create(WorkflowExecutionSchema);
  it.each([
    ["a message of the other kind", AgentExecutionSchema, workflow],
    [
      "an execution with the schema of the other kind",
      WorkflowExecutionSchema,
      create(AgentExecutionSchema),
    ],
    ["a spec", WorkflowExecutionSpecSchema, create(WorkflowExecutionSpecSchema)],
    [
      "a spec with the schema of an execution",
      WorkflowExecutionSchema,
      create(WorkflowExecutionSpecSchema),
    ],
    ["an execution with the schema of a spec", WorkflowExecutionSpecSchema, workflow],
    ["a plain object", WorkflowExecutionSchema, { status: {} }],
    ["bytes", WorkflowExecutionSchema, taskToken],
    ["text", WorkflowExecutionSchema, Buffer.from(taskToken).toString("base64")],
    ["null", WorkflowExecutionSchema, null],
    ["nothing", WorkflowExecutionSchema, undefined],
  ])("%s", (_, schema, message) => {
    const { code, message: text } = refusal(() => migrate(schema, message as Message));
    expect(code).toBe("wrong-message");
    expect(text).toContain(schema.typeName);
    expect(findSecrets(text, [taskToken])).toEqual([]);
  });

  it("nothing that carries a token in its status", () => {
    const accepted = carriers.filter(({ schema, make }) => {
      try {
        return migrate(schema, make()) === "unchanged";
      } catch {
        return false;
      }
    });
    expect(accepted.map(({ name }) => name)).toEqual(executions.map(({ name }) => name));
  });
});
