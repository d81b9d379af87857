import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { readExecution } from "../../../src/temporal/open-handshakes/read-execution.js";
import { callbackToken } from "../../../src/token/index.js";
import { ExecutionPhase } from "../../../src/workflowexecution/v1.js";
import { kinds } from "../../testing/fixtures.js";

const token = callbackToken(crypto.getRandomValues(new Uint8Array(132)));

describe.each(kinds)("of a $name", ({ idPrefix, valid }) => {
  const id = `${idPrefix}-1`;

  type Get = (
    request: { value: string },
    options: { onHeader(headers: Headers): void },
  ) => Promise<unknown>;

  function read(get: Get, readId = id) {
    const other = { queries: { get: () => Promise.reject(new Error("of the other kind")) } };
    const asked = { queries: { get } };
    const executions =
      idPrefix === "aex" ? { agent: asked, workflow: other } : { agent: other, workflow: asked };
    return readExecution(executions as never, readId);
  }

  it.each([
    ["EXECUTION_PHASE_UNSPECIFIED", false, false],
    ["EXECUTION_PENDING", false, false],
    ["EXECUTION_IN_PROGRESS", true, false],
    ["EXECUTION_COMPLETED", true, true],
    ["EXECUTION_FAILED", true, true],
    ["EXECUTION_CANCELLED", true, true],
  ] as const)("%s is seen", async (phase, hasBegun, hasEnded) => {
    const execution = valid({ id, token, status: { phase: ExecutionPhase[phase] } });
    expect(await read(async () => execution)).toMatchObject({ phase, hasBegun, hasEnded });
  });

  it("a phase that a newer contract has added is none that is known", async () => {
    const execution = valid({ id, status: { phase: 99 as never } });
    expect(await read(async () => execution)).toMatchObject({
      phase: "EXECUTION_PHASE_UNSPECIFIED",
      hasEnded: false,
    });
  });

  it.each([
    ["present", token, {}],
    ["absent", undefined, {}],
    ["absent", undefined, { "stigmer-withheld": "value" }],
    ["withheld", undefined, { "stigmer-withheld": "value, callback_token" }],
  ] as const)("the token is %s, and not told", async (seen, given, headers) => {
    const found = await read(async (_, { onHeader }) => {
      onHeader(new Headers(headers));
      return valid({ id, ...(given && { token: given }) });
    });
    expect(found).toMatchObject({ token: seen });
    expect(Object.values(found).flatMap((value) => [...String(value)]).length).toBeLessThan(100);
  });

  it("what the service does not have is deleted", async () => {
    expect(await read(() => Promise.reject(new ConnectError("no", Code.NotFound)))).toBe("deleted");
  });

  it("what cannot be read is told with the reason", async () => {
    const away = new ConnectError("away", Code.Unavailable);
    expect(await read(() => Promise.reject(away))).toEqual({
      unreadable: `${id}: [unavailable] away`,
    });
  });
});

it("an id that is none of an execution is asked of nobody", async () => {
  expect(await readExecution({} as never, "order-1")).toEqual({
    unreadable: "order-1 is no id of an execution",
  });
});
