import { create, type JsonObject, type JsonValue } from "@bufbuild/protobuf";
import { ApplicationFailure } from "@temporalio/common";
import { expect } from "vitest";
import type { Execution } from "../../../src/execution/execution.js";
import type { ActivityCompleter, ExecutionQueries } from "../../../src/handshake/index.js";
import {
  createSystemActivities,
  type SystemActivities,
} from "../../../src/temporal/runner/system-activities.js";
import type { TemporalCompleter } from "../../../src/temporal/runner/temporal-completer.js";
import { createActivityEngine, createExecutionService } from "../../../src/testing/index.js";
import { setCallbackToken } from "../../../src/token/index.js";
import { WorkflowExecutionStatusSchema } from "../../../src/workflowexecution/v1.js";
import {
  agentKind,
  EXECUTION_COMPLETED,
  inMemory,
  kinds,
  present,
  rejection,
  startWaiting,
  workflowKind,
} from "../../testing/fixtures.js";

/** Activities of a runner, a waiting activity, and the execution that has its token. */
export async function startRunner(kind = kinds[0]) {
  const { idPrefix, connect, valid } = present(kind);
  const { transport } = await inMemory(createExecutionService());
  const client = connect(transport);
  const engine = createActivityEngine();
  const { handle, token, retry, attempts } = await startWaiting(engine);
  const id = `${idPrefix}-1`;
  const execution = await client.create(valid({ id, token: token() }));

  const calls: string[] = [];
  const json: JsonValue[] = [];
  const counted = Object.fromEntries(
    Object.entries(engine).map(([name, call]) => [
      name,
      (...args: never[]) => {
        calls.push(name);
        return (call as (...args: never[]) => unknown)(...args);
      },
    ]),
  ) as unknown as typeof engine;
  const completer: TemporalCompleter = {
    ...counted,
    completeWithJson: (token, value) => {
      json.push(value);
      const status = create(WorkflowExecutionStatusSchema, { phase: EXECUTION_COMPLETED });
      return engine.complete(token, status);
    },
  };
  const readerOf = (reader: ExecutionQueries<Execution>): ExecutionQueries<never> => ({
    get: (request, options) => {
      calls.push("read");
      return reader.get(request, options) as Promise<never>;
    },
  });
  const activities = createSystemActivities({
    completer,
    executions: {
      workflow: { queries: readerOf(workflowKind.connect(transport)) },
      agent: { queries: readerOf(agentKind.connect(transport)) },
    },
  });
  const rearm = async () => {
    const next = await retry();
    setCallbackToken(execution, next);
    await client.update(execution);
    return next;
  };
  return { activities, client, id, handle, token, attempts, retry, rearm, calls, json };
}

/** Activities whose completer or reader are as given, and whatever is not given must not be used. */
export function activitiesWith(
  completer: Partial<ActivityCompleter>,
  get: ExecutionQueries<never>["get"] = async () => expect.fail("expected no read"),
): SystemActivities {
  const unexpected = async (): Promise<never> => expect.fail("expected no such call");
  const others = { complete: unexpected, fail: unexpected, reportCancellation: unexpected };
  return createSystemActivities({
    completer: { ...others, heartbeat: unexpected, ...completer },
    executions: { workflow: { queries: { get } }, agent: { queries: { get } } },
  });
}

/** The failure of an activity, known to show no secret. */
export async function failureOf(call: Promise<unknown>): Promise<ApplicationFailure> {
  const error = await rejection(call);
  if (!(error instanceof ApplicationFailure)) throw error;
  return error;
}

export function statusOf(phase: number, given: { error?: string; output?: JsonObject } = {}) {
  return create(WorkflowExecutionStatusSchema, { phase, ...given });
}
