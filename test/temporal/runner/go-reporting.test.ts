import { create, type JsonObject, type JsonValue } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { AgentExecutionStatusSchema, MessageType } from "../../../src/agentexecution/v1.js";
import { type ExecutionQueries, HandshakeError } from "../../../src/handshake/index.js";
import {
  createSystemActivities,
  type SystemActivities,
} from "../../../src/temporal/runner/system-activities.js";
import type { TemporalCompleter } from "../../../src/temporal/runner/temporal-completer.js";
import { createActivityEngine } from "../../../src/testing/index.js";
import { formatCallbackToken } from "../../../src/token/index.js";
import {
  agentKind,
  EXECUTION_CANCELLED,
  EXECUTION_COMPLETED,
  EXECUTION_FAILED,
  EXECUTION_IN_PROGRESS,
  end,
  leaksOf,
  newToken,
  rejection,
  secretValue,
} from "../../testing/fixtures.js";
import { attemptOf } from "../activity-context.js";
import { activitiesWith, failureOf, startRunner } from "./start-runner.js";

const goReport = "stigmer/system/complete-external-activity";

describe("a report of Stigmer's workflows in Go", () => {
  const report = (
    activities: SystemActivities,
    CallbackToken: string | null,
    Result: JsonValue,
    error: JsonValue = null,
    attempt = attemptOf(),
  ) => {
    const call = attempt.run(() => activities[goReport]({ CallbackToken, Result, Error: error }));
    return call.finally(() => expect(leaksOf(attempt.logged)).toEqual([]));
  };

  /** A whole execution as Go's encoding/json writes it when its run starts. */
  function goJson(id: string, token: Uint8Array): JsonObject {
    return {
      metadata: { id, name: "Nightly report", owner_scope: 1 },
      spec: {
        workflow_id: "wf-1",
        callback_token: Buffer.from(token).toString("base64"),
        runtime_env: {
          API_KEY: { value: secretValue, is_secret: true },
          REGION: { value: "eu" },
        },
      },
      status: { phase: 1, audit: { spec_audit: { created_at: { seconds: 7, nanos: 1 } } } },
    };
  }

  it.each([null, ""])("does nothing when the token is %j", async (token) => {
    await report(activitiesWith({}), token, { a: 1 });
  });

  it("completes with plain JSON as it is", async () => {
    for (const result of [{ answer: [1, "two", null, { is_secret: false, value: "x" }] }, "done"]) {
      const { activities, token, handle, json } = await startRunner();
      await report(activities, formatCallbackToken(token()), result);
      expect(json).toEqual([result]);
      expect(await handle.result).toMatchObject({ outcome: "completed" });
    }
  });

  it("completes with null when there is no result", async () => {
    const { activities, token, json } = await startRunner();
    const withoutResult = { CallbackToken: formatCallbackToken(token()) };
    await attemptOf().run(() => activities[goReport](withoutResult as never));
    expect(json).toEqual([null]);
  });

  it("completes with a whole execution, but for its token and its secrets", async () => {
    const { activities, client, id, token, json } = await startRunner();
    await end(client, id, EXECUTION_COMPLETED);
    const result = goJson(id, token());
    await report(activities, formatCallbackToken(token()), result);
    const expected = goJson(id, token()) as { spec: JsonObject };
    delete expected.spec.callback_token;
    expected.spec.runtime_env = { API_KEY: { is_secret: true }, REGION: { value: "eu" } };
    expect(json).toEqual([expected]);
    expect(leaksOf(json)).toEqual([]);
    expect(result).toEqual(goJson(id, token()));
  });

  it.each([
    { phase: EXECUTION_FAILED, outcome: "failed" },
    { phase: EXECUTION_CANCELLED, outcome: "cancelled" },
  ])("of an execution that has $outcome is no success", async ({ phase, outcome }) => {
    const { activities, client, id, token, handle, json } = await startRunner();
    const ended = await end(client, id, phase, "out of stock");
    await report(activities, formatCallbackToken(token()), goJson(id, token()));
    expect(json).toEqual([]);
    expect(await handle.result).toMatchObject({ outcome, status: ended.status });
  });

  it("says why an agent has failed, which only its messages do", async () => {
    const { activities, client, id, token, handle } = await startRunner(agentKind as never);
    await client.updateStatus(id, { phase: EXECUTION_IN_PROGRESS });
    const status = create(AgentExecutionStatusSchema, {
      phase: EXECUTION_FAILED as number,
      messages: [
        { type: MessageType.MESSAGE_HUMAN, content: "hello" },
        { type: MessageType.MESSAGE_SYSTEM, content: "no such model" },
      ],
    });
    await client.updateStatus(id, status as never);
    await report(activities, formatCallbackToken(token()), { metadata: { id } });
    expect(await handle.result).toMatchObject({ outcome: "failed", message: "no such model" });
  });

  it.each([
    ["{}", {}, "out of stock"],
    ["a text", "disk full", "disk full"],
    ["an error with a text", { message: "disk full" }, "disk full"],
  ])("with %s as its error fails the activity with what is known", async (_, error, text) => {
    const { activities, client, id, token, handle } = await startRunner();
    await end(client, id, EXECUTION_FAILED, "out of stock");
    await report(activities, formatCallbackToken(token()), goJson(id, token()), error);
    expect(await handle.result).toMatchObject({ outcome: "failed", message: text });
  });

  it("with an error fails the activity also when the execution is not known to have failed", async () => {
    for (const result of [null, { metadata: { id: "wex-1" } }, { metadata: { id: "wex-none" } }]) {
      const { activities, token, handle } = await startRunner();
      await report(activities, formatCallbackToken(token()), result, {});
      expect(await handle.result).toMatchObject({
        outcome: "failed",
        message: "the execution failed",
        status: { phase: EXECUTION_FAILED },
      });
    }
  });

  it("finds the execution of a workflow's output by its ExecutionID, and a newer token with it", async () => {
    const { activities, client, id, token, handle, rearm } = await startRunner();
    const first = token();
    await rearm();
    const ended = await end(client, id, EXECUTION_FAILED, "out of stock");
    const output = { Result: null, FinalState: null, WorkflowName: "w", ExecutionID: id };
    await report(activities, formatCallbackToken(first), { ...output, ExecutionTime: null });
    expect(await handle.result).toMatchObject({
      outcome: "failed",
      message: "out of stock",
      status: ended.status,
    });
  });

  it("waits for the service, lest a failure pass for a success", async () => {
    const activities = activitiesWith({}, async () => {
      throw new ConnectError("away", Code.Unavailable);
    });
    const attempt = attemptOf();
    const result = { metadata: { id: "wex-1" }, status: { phase: 1 } };
    const token = formatCallbackToken(newToken());
    await expect(report(activities, token, result, null, attempt)).rejects.toThrow("away");
    const labels = { execution_kind: "workflow", outcome: "unknown", result: "unavailable" };
    expect(attempt.measured.map(({ labels }) => labels)).toEqual([labels, labels]);
  });

  it("completes with what it has when there is no such execution", async () => {
    const { activities, token, json } = await startRunner();
    const result = { metadata: { id: "wex-none" }, status: { phase: 1 } };
    await report(activities, formatCallbackToken(token()), result);
    expect(json).toEqual([result]);
  });

  it("uses a completer that is an object of a class", async () => {
    class Completer {
      readonly settled: JsonValue[] = [];
      async completeWithJson(_: unknown, value: JsonValue) {
        this.settled.push(value);
        return "settled" as const;
      }
    }
    const completer = new Completer();
    const activities = createSystemActivities({
      completer: completer as unknown as TemporalCompleter,
      executions: activityReaders,
    });
    await report(activities, formatCallbackToken(newToken()), { a: 1 });
    expect(completer.settled).toEqual([{ a: 1 }]);
  });

  it("needs a completer of Temporal to complete with JSON", async () => {
    const error = await rejection(
      report(activitiesWith({}), formatCallbackToken(newToken()), { a: 1 }),
    );
    expect(error).toEqual(new TypeError("expected a TemporalCompleter"));
  });

  it("refuses a token that is no Base64, for good and without showing it", async () => {
    const completeWithJson = async () => "settled" as const;
    const activities = activitiesWith({ completeWithJson } as Partial<TemporalCompleter>);
    const attempt = attemptOf();
    const call = report(activities, "open sesame!", null, null, attempt);
    const failure = await failureOf(call);
    expect(failure).toMatchObject({ type: "InvalidToken", nonRetryable: true });
    expect(failure.message).not.toContain("sesame");
    expect(attempt.measured[0]?.labels).toMatchObject({ result: "invalid_token" });
  });

  it("refuses for good what the server finds too large", async () => {
    const completer = {
      ...createActivityEngine(),
      completeWithJson: async (): Promise<never> => {
        throw new HandshakeError("too-large", "2 MiB at most");
      },
    };
    const activities = createSystemActivities({ completer, executions: activityReaders });
    const failure = await failureOf(report(activities, formatCallbackToken(newToken()), { a: 1 }));
    expect(failure).toMatchObject({ type: "TooLarge", nonRetryable: true });
  });

  const noReads: ExecutionQueries<never> = { get: async () => expect.fail("expected no read") };
  const activityReaders = { workflow: { queries: noReads }, agent: { queries: noReads } };
});
