import { createRegistry, type DescMessage } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { file_ai_stigmer_agentic_agentexecution_v1_api } from "../../src/agentexecution/v1.js";
import { maxCallbackTokenBytes } from "../../src/execution/kinds.js";
import { fieldNumbers } from "../../src/wire/field-numbers.js";
import { type MessageKind, peekCallbackToken, replaceCallbackToken } from "../../src/wire/index.js";
import { file_ai_stigmer_agentic_workflowexecution_v1_api } from "../../src/workflowexecution/v1.js";
import { noKinds, wireCarriers } from "./fixtures.js";

const none = new Uint8Array();
const contract = createRegistry(
  file_ai_stigmer_agentic_agentexecution_v1_api,
  file_ai_stigmer_agentic_workflowexecution_v1_api,
  ...file_ai_stigmer_agentic_agentexecution_v1_api.dependencies,
  ...file_ai_stigmer_agentic_workflowexecution_v1_api.dependencies,
);
const messages = [...contract].filter((type): type is DescMessage => type.kind === "message");

function numberOf(message: DescMessage | undefined, name: string): number {
  return message?.fields.find((field) => field.name === name)?.number ?? 0;
}

function child(message: DescMessage, name: string): DescMessage | undefined {
  return message.fields.find((field) => field.name === name)?.message;
}

const carriers = messages.filter(
  (message) =>
    numberOf(message, "callback_token") > 0 ||
    numberOf(child(message, "spec"), "callback_token") > 0,
);

describe("the field numbers of src/wire", () => {
  it("cover every message of the contract that carries a token, and no other", () => {
    const kinds = carriers.map(({ name }) => name).sort();
    expect(kinds).toEqual(wireCarriers.map(({ kind }) => kind).sort());
    const inAnyOrder = `(${kinds.join("|")})`;
    expect(() => fieldNumbers("" as MessageKind, none)).toThrow(
      new RegExp(`: expected one of ${kinds.map(() => inAnyOrder)}$`),
    );
  });

  it.each(carriers)("are those of the contract for $name", (message) => {
    const spec = child(message, "spec");
    const status = child(message, "status");
    const [[specNumber, tokenNumber], [statusNumber]] = fieldNumbers(
      message.name as MessageKind,
      none,
    );
    expect([specNumber, tokenNumber, statusNumber]).toEqual([
      numberOf(message, "spec"),
      numberOf(spec ?? message, "callback_token"),
      numberOf(status && message, "status"),
    ]);
  });

  it.each(carriers)("are the status's reserved one for an old token of $name", (message) => {
    const status = child(message, "status")?.proto;
    const reserved = status?.reservedName.includes("callback_token")
      ? status.reservedRange.map(({ start, end }) => [start, end])
      : [[0, 1]];
    const [, [, formerToken]] = fieldNumbers(message.name as MessageKind, none);
    expect(reserved).toEqual([[formerToken, formerToken + 1]]);
  });

  it("are refused for another kind, without a word about the bytes", () => {
    for (const kind of noKinds) {
      const call = () => peekCallbackToken(kind as MessageKind, Uint8Array.of(250, 251));
      expect(call).toThrow(TypeError);
      expect(call).toThrow(/^kind: expected one of [A-Za-z,]+$/);
    }
  });
});

describe("the most bytes of a token", () => {
  it("are those of callbackToken", () => {
    const replace = (length: number) => () =>
      replaceCallbackToken("AgentExecutionSpec", none, new Uint8Array(length));
    expect(replace(maxCallbackTokenBytes)).not.toThrow();
    expect(replace(maxCallbackTokenBytes + 1)).toThrow(
      new RangeError(`token: expected 1 to ${maxCallbackTokenBytes} bytes, got 8193`),
    );
  });
});
