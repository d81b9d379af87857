import { clone, create, createRegistry, equals } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ExecutionValueSchema } from "../../src/executioncontext/v1.js";
import { redact } from "../../src/redaction/index.js";
import { restoreSecrets } from "../../src/redaction/restore-secrets.js";
import { WorkflowExecutionSpecSchema } from "../../src/workflowexecution/v1.js";
import { arbitraryMessage } from "./arbitrary-message.js";
import { places, secret, secretFields, secretsWith } from "./cases.js";
import { messages, shortName } from "./contract.js";
import { field as encodedField, withUnknown } from "./fixtures.js";
import { make, schemaOf } from "./protos.js";

const every = { registry: createRegistry(), unknown: true };
const runs = { numRuns: 40 };
const cases = messages.map((schema) => ({ schema, name: shortName(schema) }));

describe.each(cases)("any $name", ({ schema }) => {
  const message = arbitraryMessage(schema);

  it("that was redacted has all of its secrets again, and no other change", () => {
    fc.assert(
      fc.property(message, (given) => {
        const before = clone(schema, given);
        const redacted = redact(schema, given);
        const hadSecrets = !equals(schema, redacted, given, every);
        expect(restoreSecrets(schema, redacted, given)).toBe(hadSecrets);
        expect(equals(schema, redacted, given, every)).toBe(true);
        expect(equals(schema, given, before, every)).toBe(true);
      }),
      runs,
    );
  });

  it("that has its secrets keeps them, whatever is in the source", () => {
    fc.assert(
      fc.property(message, message, (given, source) => {
        const before = clone(schema, given);
        restoreSecrets(schema, given, source);
        // What was restored is secret, so that without secrets nothing has changed.
        expect(equals(schema, redact(schema, given), redact(schema, before), every)).toBe(true);
        restoreSecrets(schema, before, given);
        expect(equals(schema, before, given, every)).toBe(true);
      }),
      runs,
    );
  });
});

describe("a secret", () => {
  const schema = schemaOf("Secrets");

  it.each(Object.entries(secretFields))("of the field %s is restored", (name, value) => {
    const given = secretsWith(name, value);
    const redacted = redact(schema, given);
    expect(equals(schema, redacted, given)).toBe(false);
    expect(restoreSecrets(schema, redacted, given)).toBe(true);
    expect(equals(schema, redacted, given)).toBe(true);
  });

  it.each(places)("in $place is restored", ({ around }) => {
    const desc = schemaOf("Places");
    const given = make("Places", around(secret.given()));
    const redacted = redact(desc, given);
    expect(equals(desc, redacted, given)).toBe(false);
    expect(restoreSecrets(desc, redacted, given)).toBe(true);
    expect(equals(desc, redacted, given)).toBe(true);
  });

  const env = (entries: Record<string, { value?: string; isSecret?: boolean }>) =>
    create(WorkflowExecutionSpecSchema, { runtimeEnv: entries });

  it("is restored under its own key only, and none is added", () => {
    const message = env({ A: { isSecret: true }, C: { isSecret: true } });
    const source = env({
      A: { value: "a", isSecret: true },
      B: { value: "b", isSecret: true },
    });
    expect(restoreSecrets(WorkflowExecutionSpecSchema, message, source)).toBe(true);
    expect(message).toEqual(env({ A: { value: "a", isSecret: true }, C: { isSecret: true } }));
  });

  it("is none of a key that every object has", () => {
    const message = env({ constructor: { isSecret: true }, toString: { isSecret: true } } as never);
    expect(restoreSecrets(WorkflowExecutionSpecSchema, message, env({}))).toBe(false);
  });

  it("is not what is marked as none, which nobody has taken out", () => {
    const message = create(ExecutionValueSchema, { isSecret: false });
    for (const isSecret of [true, false]) {
      const source = create(ExecutionValueSchema, { value: "x", isSecret });
      expect(restoreSecrets(ExecutionValueSchema, message, source)).toBe(false);
      expect(message.value).toBe("");
    }
  });

  it("that is there is not replaced", () => {
    const message = create(ExecutionValueSchema, { value: "new", isSecret: true });
    const source = create(ExecutionValueSchema, { value: "old", isSecret: true });
    expect(restoreSecrets(ExecutionValueSchema, message, source)).toBe(false);
    expect(message.value).toBe("new");
  });

  it("is no unknown field, of which nobody can tell what it is", () => {
    const source = withUnknown(env({}), 5001, encodedField(1, "x"));
    const message = env({});
    expect(restoreSecrets(WorkflowExecutionSpecSchema, message, source)).toBe(false);
    expect(message.$unknown).toBeUndefined();
  });
});
