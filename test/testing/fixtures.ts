import { randomBytes } from "node:crypto";
import { createServer as createHttp1Server, type ServerResponse } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import type { AddressInfo, Server, Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { inspect } from "node:util";
import { create } from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  type ConnectRouter,
  createClient,
  createRouterTransport,
  type Interceptor,
  type Transport,
} from "@connectrpc/connect";
import { connectNodeAdapter, createConnectTransport } from "@connectrpc/connect-node";
import { expect, onTestFinished, vi } from "vitest";
import {
  type AgentExecution,
  AgentExecutionCommandController,
  AgentExecutionQueryController,
  AgentExecutionSchema,
} from "../../src/agentexecution/v1.js";
import { ApiResourceOwnerScope } from "../../src/apiresource.js";
import type { Execution, ExecutionStatus } from "../../src/execution/execution.js";
import {
  type CallOptions,
  type ExecutionCommands,
  type ExecutionQueries,
  HandshakeError,
  type HandshakeErrorCode,
  type WaitOptions,
  waitForExecution,
} from "../../src/handshake/index.js";
import {
  type ActivityAttempt,
  type ActivityEngine,
  type ActivityHandle,
  type ActivityOptions,
  type ExecutionService,
  pending,
} from "../../src/testing/index.js";
import { type CallbackToken, callbackToken, setCallbackToken } from "../../src/token/index.js";
import {
  ExecutionPhase,
  type WorkflowExecution,
  WorkflowExecutionCommandController,
  WorkflowExecutionQueryController,
  WorkflowExecutionSchema,
} from "../../src/workflowexecution/v1.js";
import { findSecrets } from "../find-secrets.js";
import { knownSecrets } from "../support/known-secrets.js";

/** How to wait for what happens soon: the limit is for a very busy machine. */
export const soon = { timeout: 20_000, interval: 2 };

export const { EXECUTION_PENDING, EXECUTION_IN_PROGRESS } = ExecutionPhase;
export const { EXECUTION_COMPLETED, EXECUTION_FAILED, EXECUTION_CANCELLED } = ExecutionPhase;

/** The terminal phases, each with the shortest way to it. */
export const endings = [
  { phase: EXECUTION_COMPLETED, outcome: "completed" },
  { phase: EXECUTION_FAILED, outcome: "failed" },
  { phase: EXECUTION_CANCELLED, outcome: "cancelled" },
] as const;

// --- executions -------------------------------------------------------------------------------

/** What a valid execution may be given beyond the least. */
export interface Given {
  id?: string;
  tags?: string[];
  labels?: Record<string, string>;
  token?: CallbackToken;
  /** The workflow or the session. */
  parent?: string;
  /** Status that comes with a request to create or update. */
  status?: { phase: ExecutionPhase; error?: string };
}

export interface StatusUpdate {
  phase: ExecutionPhase;
  error?: string;
  startedAt?: string;
}

export interface Listing {
  pageSize?: number;
  pageToken?: string;
  phase?: ExecutionPhase;
  tags?: string[];
}

/** A kind of execution: a valid one, and its rpcs under names that are the same for both kinds. */
export interface Kind<E extends Execution> {
  readonly name: string;
  readonly idPrefix: "wex" | "aex";
  valid(given?: Given): E;
  connect(transport: Transport): ExecutionClient<E>;
}

export interface ExecutionClient<E extends Execution>
  extends ExecutionCommands<E>,
    ExecutionQueries<E> {
  updateStatus(executionId: string, status?: StatusUpdate): Promise<E>;
  delete(request: { value: string }): Promise<E>;
  list(request: Listing): Promise<Page<E>>;
  /** The executions of one workflow or session. */
  listOf(parent: string, request: Listing): Promise<Page<E>>;
  subscribe(id: string, options?: CallOptions): AsyncIterable<E>;
  wait(id: string, options?: WaitOptions): Promise<ExecutionStatus>;
}

interface Page<E extends Execution> {
  totalPages: number;
  entries: E[];
}

/** The value of the secret in every valid execution's environment. */
export const secretValue = `secret-${randomBytes(18).toString("hex")}`;

const runtimeEnv = { API_KEY: { value: secretValue, isSecret: true } };

export const workflowKind: Kind<WorkflowExecution> = {
  name: "WorkflowExecution",
  idPrefix: "wex",
  valid({ id = "", tags = [], labels = {}, token, parent = "wf-1", status } = {}) {
    const execution = create(WorkflowExecutionSchema, {
      apiVersion: "agentic.stigmer.ai/v1",
      kind: "WorkflowExecution",
      metadata: {
        id,
        name: "Nightly report",
        slug: "nightly-report",
        org: "acme",
        ownerScope: ApiResourceOwnerScope.organization,
        tags,
        labels,
      },
      spec: {
        workflowId: parent,
        triggerMessage: "go",
        triggerMetadata: { by: "cron" },
        runtimeEnv,
      },
      ...(status && { status }),
    });
    if (token !== undefined) setCallbackToken(execution, token);
    return execution;
  },
  connect(transport) {
    const command = createClient(WorkflowExecutionCommandController, transport);
    const query = createClient(WorkflowExecutionQueryController, transport);
    return {
      ...command,
      updateStatus: (executionId, status) =>
        command.updateStatus({ executionId, ...(status && { status }) }),
      get: query.get,
      list: query.list,
      listOf: (workflowId, { pageSize = 0, pageToken = "" }) =>
        query.listByWorkflow({ workflowId, pageSize, pageToken }),
      subscribe: (executionId, options) => query.subscribe({ executionId }, options),
      wait: (id, options) => waitForExecution(id, query, options),
    };
  },
};

export const agentKind: Kind<AgentExecution> = {
  name: "AgentExecution",
  idPrefix: "aex",
  valid({ id = "", tags = [], labels = {}, token, parent = "ses-1", status } = {}) {
    const execution = create(AgentExecutionSchema, {
      apiVersion: "agentic.stigmer.ai/v1",
      kind: "AgentExecution",
      metadata: { id, name: "Triage", slug: "triage", org: "acme", tags, labels },
      spec: { sessionId: parent, message: "Why is the build red?", runtimeEnv },
      ...(status && { status: { ...status, phase: status.phase as number } }),
    });
    if (token !== undefined) setCallbackToken(execution, token);
    return execution;
  },
  connect(transport) {
    const command = createClient(AgentExecutionCommandController, transport);
    const query = createClient(AgentExecutionQueryController, transport);
    return {
      ...command,
      updateStatus: (executionId, status) =>
        command.updateStatus({
          executionId,
          ...(status && { status: { ...status, phase: status.phase as number } }),
        }),
      get: query.get,
      list: ({ phase = 0, ...request }) => query.list({ ...request, phase: phase as number }),
      listOf: (sessionId, { pageSize = 0, pageToken = "" }) =>
        query.listBySession({ sessionId, pageSize, pageToken }),
      subscribe: (value, options) => query.subscribe({ value }, options),
      wait: (id, options) => waitForExecution(id, query, options),
    };
  },
};

/** Of each kind, the clients go with the executions; to tests that run for both, they are one kind. */
export const kinds = [workflowKind, agentKind] as unknown as readonly Kind<Execution>[];

/** The id of a stored execution. */
export function idOf(execution: Execution): string {
  return present(execution.metadata).id;
}

/** Takes a PENDING execution to a terminal phase. */
export async function end<E extends Execution>(
  client: ExecutionClient<E>,
  id: string,
  phase: ExecutionPhase,
  error = "",
): Promise<E> {
  if (phase === EXECUTION_COMPLETED)
    await client.updateStatus(id, { phase: EXECUTION_IN_PROGRESS });
  return client.updateStatus(id, { phase, error });
}

export function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("expected a value, got undefined");
  return value;
}

export async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

// --- connections ------------------------------------------------------------------------------

export interface Connection {
  readonly transport: Transport;
  /** How many `subscribe` streams the service serves now. */
  openStreams(): number;
}

export interface HttpConnection extends Connection {
  readonly baseUrl: string;
  /** Breaks every connection and listens no more. */
  kill(): Promise<void>;
  /** Listens again on the same port, with the same service. */
  restart(): Promise<void>;
}

export interface ConnectionOptions {
  /** What becomes of the states that `subscribe` streams. */
  onSubscribe?: (states: AsyncIterable<Execution>) => AsyncIterable<Execution>;
  /** HTTP only: answers a request itself, by returning true, before the service sees it. */
  answer?: (response: ServerResponse) => boolean;
  /** Interceptors of the server that the service is mounted on. */
  interceptors?: Interceptor[];
}

/** The service without a port: the real handlers behind an in-memory transport. */
export async function inMemory(
  service: ExecutionService,
  options: ConnectionOptions = {},
): Promise<Connection> {
  const { routes, openStreams } = observe(service, options);
  const { interceptors = [] } = options;
  return { transport: createRouterTransport(routes, { router: { interceptors } }), openStreams };
}

/** The service on a real HTTP server on 127.0.0.1, ended with the test. */
export function overHttp(httpVersion: "1.1" | "2") {
  return async (
    service: ExecutionService,
    options: ConnectionOptions = {},
  ): Promise<HttpConnection> => {
    const { answer = () => false, interceptors = [] } = options;
    const { routes, openStreams } = observe(service, options);
    const serve = connectNodeAdapter({ routes, interceptors });
    const sockets = new Set<Socket>();
    let server: Server | undefined;

    const listen = (port: number) =>
      new Promise<number>((resolve, reject) => {
        const next: Server =
          httpVersion === "2"
            ? createHttp2Server(
                (request, response) =>
                  // Of the same shape, as far as an answer needs it.
                  answer(response as unknown as ServerResponse) || serve(request, response),
              )
            : createHttp1Server(
                (request, response) => answer(response) || serve(request, response),
              );
        next.on("connection", (socket: Socket) => {
          sockets.add(socket);
          socket.on("close", () => sockets.delete(socket));
        });
        next.on("error", reject);
        next.listen(port, "127.0.0.1", () => {
          server = next;
          resolve((next.address() as AddressInfo).port);
        });
      });
    const kill = async () => {
      const closing = server;
      server = undefined;
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => (closing ? closing.close(resolve) : resolve(undefined)));
    };

    const port = await listen(0);
    onTestFinished(kill);
    const baseUrl = `http://127.0.0.1:${port}`;
    return {
      transport: createConnectTransport({ baseUrl, httpVersion }),
      baseUrl,
      openStreams,
      kill,
      // Tried again, for another process may have the port for a moment.
      restart: async () => void (await vi.waitFor(() => listen(port), soon)),
    };
  };
}

/** Ways to reach a service, as a table for describe.each. */
export const connections = [
  { over: "createRouterTransport", open: inMemory },
  { over: "a real HTTP server", open: overHttp("1.1") },
] as const;

export const httpVersions = [
  { version: "1.1", open: overHttp("1.1") },
  { version: "2", open: overHttp("2") },
] as const;

type Subscribe = (request: unknown, context: unknown) => AsyncIterable<Execution>;

/** The routes of a service, with its `subscribe` streams counted. */
function observe(
  service: ExecutionService,
  { onSubscribe = (states) => states }: ConnectionOptions,
) {
  let open = 0;
  async function* counted(states: AsyncIterable<Execution>) {
    open++;
    try {
      yield* states;
    } finally {
      open--;
    }
  }
  const routes = (router: ConnectRouter): void => {
    const observed: ConnectRouter = {
      ...router,
      service(desc, methods, options) {
        const { subscribe } = methods as { subscribe?: Subscribe };
        const wrapped = subscribe && {
          subscribe: ((request, context) =>
            counted(onSubscribe(subscribe(request, context)))) satisfies Subscribe,
        };
        router.service(desc, { ...methods, ...wrapped }, options);
        return observed;
      },
    };
    service.routes(observed);
  };
  return { routes, openStreams: () => open };
}

// --- activities -------------------------------------------------------------------------------

export interface WaitingActivity {
  readonly handle: ActivityHandle;
  readonly attempts: readonly ActivityAttempt[];
  /** The token of the latest attempt. */
  token(): CallbackToken;
  /** Times the attempt out and gives the token of the next one. */
  retry(): Promise<CallbackToken>;
}

// The in-memory engine's tokens begin with a prefix and the activity's id, which are no secrets.
const tokenSecret = "in-memory-engine/".length + 36;

/** Starts an activity that goes pending in every attempt. */
export async function startWaiting(
  engine: ActivityEngine,
  options: ActivityOptions = {},
): Promise<WaitingActivity> {
  const attempts: ActivityAttempt[] = [];
  const handle = engine.startActivity(async (attempt) => {
    attempts.push(attempt);
    knownSecrets.push(attempt.token.subarray(tokenSecret));
    return pending;
  }, options);
  const attempted = async (count: number) => {
    while (attempts.length < count) await setImmediate();
  };
  const token = () => present(attempts.at(-1)).token;
  await attempted(1);
  return {
    handle,
    attempts,
    token,
    retry: async () => {
      handle.timeOutAttempt();
      await attempted(attempts.length + 1);
      return token();
    },
  };
}

// --- secrets and errors -----------------------------------------------------------------------

/** A token as large as a real one, of random bytes. */
export function newToken(): CallbackToken {
  const token = callbackToken(randomBytes(132));
  knownSecrets.push(token);
  return token;
}

/** Which of this test's tokens and secrets an error shows, in its message, details or causes. */
export function leaksOf(error: unknown): string[] {
  return findSecrets(textOf(error), [secretValue, ...knownSecrets]);
}

function textOf(error: unknown): string {
  const shown = inspect(error, { depth: 6, maxArrayLength: null, maxStringLength: null });
  const parts = [shown, shown.replace(/\s+/g, " ")];
  if (error instanceof Error) {
    parts.push(error.message, String(error.stack));
    if (error.cause !== undefined) parts.push(textOf(error.cause));
  }
  if (error instanceof AggregateError) parts.push(...error.errors.map(textOf));
  if (error instanceof ConnectError) {
    for (const detail of error.details) {
      if ("type" in detail) parts.push(Buffer.from(detail.value).toString("latin1"));
    }
  }
  return parts.join("\n");
}

/** The error that a call is refused with, known to show no secret. */
export async function rejection(call: Promise<unknown>): Promise<unknown> {
  const error = await call.then(
    () => expect.fail("expected a refusal, got a value"),
    (reason: unknown) => reason,
  );
  expect(leaksOf(error)).toEqual([]);
  return error;
}

/** The ConnectError with this code that a call is refused with, known to show no secret. */
export async function refusal(call: Promise<unknown>, code: Code): Promise<ConnectError> {
  const error = await rejection(call);
  if (!(error instanceof ConnectError)) throw error;
  expect(`${Code[error.code]}: ${error.message}`).toMatch(new RegExp(`^${Code[code]}: `));
  return error;
}

/** The HandshakeError with this code that a call is refused with, known to show no secret. */
export async function handshakeRefusal(
  call: Promise<unknown>,
  code: HandshakeErrorCode,
): Promise<HandshakeError> {
  const error = await rejection(call);
  if (!(error instanceof HandshakeError)) throw error;
  expect(error.code).toBe(code);
  return error;
}
