import { setTimeout as sleep } from "node:timers/promises";
import { isMessage } from "@bufbuild/protobuf";
import type { Execution, ExecutionSpec, ExecutionStatus } from "@stigmer/apis";
import { ExecutionPhase, WorkflowExecutionStatusSchema } from "@stigmer/apis/workflowexecution/v1";
import { WorkflowFailedError, type WorkflowHandle } from "@temporalio/client";
import {
  ApplicationFailure,
  CancelledFailure,
  WorkflowExecutionAlreadyStartedError,
} from "@temporalio/common";
import type { World } from "../world/world.js";
import { patiently } from "./patiently.js";
import { errorOf, type Handshake, type Outcome } from "./plans.js";

const phases: Record<Outcome, number> = {
  completed: ExecutionPhase.EXECUTION_COMPLETED,
  failed: ExecutionPhase.EXECUTION_FAILED,
  cancelled: ExecutionPhase.EXECUTION_CANCELLED,
};

const limitMs = 5 * 60_000;

export interface HandshakeEnd {
  readonly handle: WorkflowHandle;
  /** As `performance.now()` tells it. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** Whether the caller was cancelled and never heard that its execution was, too. */
  readonly isUnconfirmed: boolean;
  /** What is not as the plan demands. To be asked when nobody runs any more. */
  problems(): Promise<string[]>;
}

/** Makes one handshake and waits for its result. */
export async function runHandshake(world: World, handshake: Handshake): Promise<HandshakeEnd> {
  const { name, outcome, depth, cancelAfterMs } = handshake;
  const startedAt = performance.now();
  const handle = await start(world, handshake);
  const executions = () => world.created.filter((execution) => textOf(execution).includes(name));
  if (outcome === "cancelled") {
    const deadline = Date.now() + limitMs;
    while (executions().length < depth && Date.now() < deadline) await sleep(50);
    await sleep(cancelAfterMs);
    await patiently(() => handle.cancel());
  }
  const result = await patiently(() => handle.result()).catch((error: unknown) => error);
  const endedAt = performance.now();
  return {
    handle,
    startedAt,
    endedAt,
    isUnconfirmed: isUnconfirmed(result),
    async problems(): Promise<string[]> {
      const found = executions();
      const problems: string[] = [];
      const problem = problemOf(handshake, result, found[0]);
      if (problem) problems.push(`${name}: ${problem}`);
      if (found.length !== depth) {
        problems.push(`${name}: expected ${depth} executions, got ${found.length}`);
      }
      for (const { $typeName, metadata, spec: specAtFirst } of found) {
        const clients = $typeName.endsWith("WorkflowExecution")
          ? world.asRunner.workflow
          : world.asRunner.agent;
        const value = metadata?.id ?? "";
        const { spec, status } = await clients.queries.get({ value });
        if (status?.phase !== phases[outcome]) {
          problems.push(`${name}: ${value} is in phase ${status?.phase}, not ${outcome}`);
        }
        if (placeOf(spec) !== placeOf(specAtFirst)) {
          problems.push(`${name}: ${value} has lost what the service has filled in`);
        }
      }
      return problems;
    },
  };
}

async function start(
  world: World,
  { name, kind, plan, options }: Handshake,
): Promise<WorkflowHandle> {
  const workflowId = `${world.callerQueue}-${name}`;
  try {
    return await patiently(() =>
      world.client.workflow.start("call", {
        taskQueue: world.callerQueue,
        workflowId,
        workflowIdReusePolicy: "REJECT_DUPLICATE",
        args: [kind, plan, options],
      }),
    );
  } catch (error) {
    // Of a start whose answer was lost.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return world.client.workflow.getHandle(workflowId);
  }
}

function problemOf(
  { name, outcome }: Handshake,
  result: unknown,
  execution: Execution | undefined,
): string | undefined {
  switch (outcome) {
    case "completed": {
      if (result instanceof Error) return `expected a result, got ${describe(result)}`;
      const { phase, from, answer } = readResult(result as ExecutionStatus);
      const isRight =
        phase === phases.completed && answer === name && from === execution?.metadata?.id;
      return isRight ? undefined : `got phase ${phase} and the answer ${answer} of ${from}`;
    }
    case "failed": {
      const failure = causeOf(result);
      const isRight =
        failure instanceof ApplicationFailure &&
        failure.type === "ExecutionFailed" &&
        failure.message === errorOf(name) &&
        (failure.details?.[0] as ExecutionStatus | undefined)?.phase === phases.failed;
      return isRight ? undefined : `expected the failure of its execution, got ${describe(result)}`;
    }
    case "cancelled": {
      const isRight =
        (result instanceof WorkflowFailedError && result.cause instanceof CancelledFailure) ||
        isUnconfirmed(result);
      return isRight ? undefined : `expected a cancellation, got ${describe(result)}`;
    }
  }
}

/**
 * Whether nobody has told the caller of the end that it asked for: a dead runner, or a dead attempt of
 * the caller. The server makes no further attempt then.
 */
function isUnconfirmed(result: unknown): boolean {
  const cause = causeOf(result);
  return cause instanceof ApplicationFailure && cause.type === "ExecutionTimedOut";
}

/** What a workflow has failed with. */
function causeOf(result: unknown): unknown {
  return result instanceof WorkflowFailedError ? result.cause : undefined;
}

function readResult(status: ExecutionStatus) {
  const phase: number = status.phase;
  if (isMessage(status, WorkflowExecutionStatusSchema)) {
    return { phase, from: status.output?.from, answer: status.output?.answer };
  }
  const [message] = status.messages;
  return { phase, from: message?.metadata?.from, answer: message?.content };
}

/** Where an execution runs, which the caller has left to the existing services. */
function placeOf(spec: ExecutionSpec | undefined): string | undefined {
  return spec && ("sessionId" in spec ? spec.sessionId : spec.workflowInstanceId);
}

function textOf({ spec }: Execution): string {
  return (spec && "message" in spec ? spec.message : spec?.triggerMessage) ?? "";
}

function describe(error: unknown): string {
  const chain: string[] = [];
  for (let next = error; next !== undefined; next = next instanceof Error && next.cause) {
    if (!next) break;
    chain.push(String(next));
  }
  return chain.join(", because of ");
}
