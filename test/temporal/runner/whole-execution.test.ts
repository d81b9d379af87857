import { create, toBinary, toJsonString } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import {
  AgentExecutionSchema,
  AgentExecutionStatusSchema,
} from "../../../src/agentexecution/v1.js";
import { copyOf } from "../../../src/execution/copy-of.js";
import type { Execution } from "../../../src/execution/execution.js";
import { schemaOf } from "../../../src/execution/schemas.js";
import { cutFieldsOf } from "../../../src/temporal/payload/fit-status.js";
import { textBytes } from "../../../src/temporal/payload/payload-limit.js";
import { wholeExecution } from "../../../src/temporal/runner/whole-execution.js";
import {
  WorkflowExecutionSchema,
  WorkflowExecutionStatusSchema,
} from "../../../src/workflowexecution/v1.js";
import { findSecrets } from "../../find-secrets.js";
import { concat, field, withUnknown } from "../../redaction/fixtures.js";
import {
  EXECUTION_COMPLETED,
  kinds,
  newToken,
  present,
  secretValue,
} from "../../testing/fixtures.js";

const enough = 1_000_000;
const schemas = { wex: WorkflowExecutionSchema, aex: AgentExecutionSchema } as const;

describe.each(kinds)("a whole $name", (kind) => {
  const schema = schemas[kind.idPrefix];
  const completed = () =>
    kind.idPrefix === "wex"
      ? create(WorkflowExecutionStatusSchema, {
          phase: EXECUTION_COMPLETED,
          output: { answer: "x".repeat(2000) },
        })
      : create(AgentExecutionStatusSchema, {
          phase: EXECUTION_COMPLETED as number,
          messages: [{ content: "x".repeat(2000) }],
        });
  const bytesOf = (execution: Execution) => textBytes(toJsonString(schema, execution as never));

  it("is the execution with this status, without token and secrets", () => {
    const token = newToken();
    const given = kind.valid({ id: `${kind.idPrefix}-1`, token, status: { phase: 1 } });
    const before = copyOf(given);
    const status = completed();
    const whole = wholeExecution(status, given, enough);
    const expected = kind.valid({ id: `${kind.idPrefix}-1` });
    present(present(expected.spec).runtimeEnv.API_KEY).value = "";
    expected.status = status as never;
    expect(whole).toEqual(expected);
    const text = Buffer.from(toBinary(schema, whole as never)).toString("latin1");
    expect(findSecrets(text, [token, secretValue])).toEqual([]);
    expect(given).toEqual(before);
  });

  it("has no unknown fields, which may be a token that an old service has put there", () => {
    const token = newToken();
    const given = kind.valid({ id: `${kind.idPrefix}-1` });
    const status = completed();
    for (const message of [given, present(given.spec), present(given.metadata), status]) {
      withUnknown(message, 5001, concat(field(1, token)));
    }
    const whole = wholeExecution(status, given, enough);
    const text = Buffer.from(toBinary(schema, whole as never)).toString("latin1");
    expect(findSecrets(text, [token])).toEqual([]);
    expect(whole.status?.$unknown).toBeUndefined();
    expect(status.$unknown).toBeDefined();
  });

  it("is only the status when the execution could not be read", () => {
    const status = completed();
    const whole = wholeExecution(status, undefined, enough);
    expect(whole).toEqual(create(schema as never, { status } as never));
  });

  it("loses its spec, then has its status cut, when that is too large together with the rest", () => {
    const given = kind.valid({ id: `${kind.idPrefix}-1` });
    const status = completed();
    const whole = wholeExecution(status, given, 2000);
    expect(whole.spec).toBeUndefined();
    expect(whole.metadata?.id).toBe(`${kind.idPrefix}-1`);
    expect(whole.status?.phase).toBe(EXECUTION_COMPLETED);
    expect(cutFieldsOf(present(whole.status))).not.toEqual([]);
    expect(cutFieldsOf(status)).toEqual([]);
  });

  it("has neither spec nor metadata when they are too large alone", () => {
    const labels = { note: "y".repeat(4000) };
    const given = kind.valid({ id: `${kind.idPrefix}-1`, labels });
    const status = completed();
    const whole = wholeExecution(status, given, 3000);
    expect(whole.spec).toBeUndefined();
    expect(whole.metadata).toBeUndefined();
    expect(toJsonString(schemaOf(status), present(whole.status) as never)).toBe(
      toJsonString(schemaOf(status), status as never),
    );
  });

  it("takes no more bytes than it may, however large the rest is", () => {
    const maxBytes = 3000;
    for (let size = 0; size < 4000; size += 50) {
      const given = kind.valid({ labels: { note: "y".repeat(size) } });
      const whole = wholeExecution(completed(), given, maxBytes);
      expect(bytesOf(whole), `with ${size} bytes of labels`).toBeLessThanOrEqual(maxBytes);
      expect(whole.status?.phase).toBe(EXECUTION_COMPLETED);
    }
  });
});
