import { randomBytes } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  type ConnectRouter,
  createClient,
  type HandlerContext,
  type Interceptor,
} from "@connectrpc/connect";
import { describe, expect, it, vi } from "vitest";
import { type GuardedCall, guardedServer } from "../../src/connect/index.js";
import { callbackToken, hasCallbackToken } from "../../src/index.js";
import { createExecutionService } from "../../src/testing/index.js";
import {
  type WorkflowExecution,
  WorkflowExecutionQueryController,
  WorkflowExecutionSchema,
} from "../../src/workflowexecution/v1.js";
import { findSecrets } from "../find-secrets.js";
import { textOf } from "../redaction/fixtures.js";
import { all, idOf, kinds, secretValue } from "../testing/fixtures.js";
import { as, connections } from "./connections.js";

const token = callbackToken(randomBytes(132));
const execution = () => create(WorkflowExecutionSchema, { spec: { callbackToken: token } });
const { get, subscribe } = WorkflowExecutionQueryController.method;
const mayRead = ({ header }: GuardedCall) => header.get("caller") === "runner";

async function* twice() {
  yield execution();
  // What a handler may give in place of a message.
  yield { spec: { callbackToken: token } };
}
const implementation = { get: execution, subscribe: twice };

/** Has a request id in the header of each response. */
const tagging: Interceptor = (next) => async (call) => {
  const response = await next(call);
  response.header.set("x-request-id", "req-1");
  return response;
};
/** Puts others in place of a response's headers. */
const replacing: Interceptor = (next) => async (call) => {
  const response = await next(call);
  const [header, trailer] = [new Headers(response.header), new Headers(response.trailer)];
  return { ...response, header, trailer };
};
/** Answers with what it once got for another caller. */
function caching(): Interceptor {
  let cached: WorkflowExecution | undefined;
  return (next) => async (call) => {
    const response = await next(call);
    if (response.stream) return response;
    cached ??= response.message as WorkflowExecution;
    return { ...response, message: cached };
  };
}

type Register = (router: ConnectRouter) => unknown;
const registered: [string, Register][] = [
  ["a service", ({ service }) => service(WorkflowExecutionQueryController, implementation)],
  [
    "a service with interceptors of its own",
    (router) =>
      router.service(WorkflowExecutionQueryController, implementation, { interceptors: [tagging] }),
  ],
  [
    "a service whose interceptors are undefined",
    (router) =>
      router.service(WorkflowExecutionQueryController, implementation, {
        interceptors: undefined as never,
      }),
  ],
  [
    "a service with other options",
    (router) =>
      router.service(WorkflowExecutionQueryController, implementation, { maxTimeoutMs: 60_000 }),
  ],
  ["rpcs", (router) => router.rpc(get, execution).rpc(subscribe, twice)],
  [
    "rpcs with interceptors of their own",
    (router) =>
      router
        .rpc(get, execution, { interceptors: [tagging] })
        .rpc(subscribe, twice, { interceptors: [tagging] }),
  ],
  [
    "an object with methods of a class",
    (router) => {
      class Service {
        private readonly stored = execution();
        get() {
          return this.stored;
        }
        async *subscribe() {
          yield this.stored;
          yield this.stored;
        }
      }
      router.service(WorkflowExecutionQueryController, new Service());
    },
  ],
];

describe.each(connections)("guardedServer over $over", ({ serve }) => {
  describe.each(registered)("guards %s", (_, routes) => {
    it.each([
      ["its interceptors", []],
      ["interceptors around which the guard stands", [tagging, replacing]],
    ])("with %s", async (_, interceptors) => {
      const asked = vi.fn(mayRead);
      const server = guardedServer({ routes, interceptors }, { mayRead: asked });
      const connect = await serve(server.routes, ...server.interceptors);
      for (const caller of ["viewer", "runner"]) {
        const client = createClient(WorkflowExecutionQueryController, connect(as(caller)));
        const executions = [await client.get({}), ...(await all(client.subscribe({})))];
        const isRunner = caller === "runner";
        expect(executions.map(hasCallbackToken)).toEqual([isRunner, isRunner, isRunner]);
        if (!isRunner) expect(findSecrets(textOf(executions), [token])).toEqual([]);
        expect(asked).toHaveBeenCalledTimes(2);
        asked.mockClear();
      }
    });

    it("with the routes alone", async () => {
      const asked = vi.fn(mayRead);
      const connect = await serve(guardedServer({ routes }, { mayRead: asked }).routes);
      for (const caller of ["viewer", "runner"]) {
        const client = createClient(WorkflowExecutionQueryController, connect(as(caller)));
        const withheld: (string | null)[] = [];
        const onHeader = (header: Headers) => void withheld.push(header.get("stigmer-withheld"));
        const executions = [
          await client.get({}, { onHeader }),
          ...(await all(client.subscribe({}, { onHeader }))),
        ];
        const isRunner = caller === "runner";
        expect(executions.map(hasCallbackToken)).toEqual([isRunner, isRunner, isRunner]);
        expect(withheld).toEqual(Array(2).fill(isRunner ? null : "callback_token"));
        expect(asked).toHaveBeenCalledTimes(2);
        asked.mockClear();
      }
    });

    it("and nothing is handled when mayRead throws", async () => {
      const refuse = () => {
        throw new ConnectError("not yours", Code.PermissionDenied, { "x-secret": secretValue });
      };
      const connect = await serve(guardedServer({ routes }, { mayRead: refuse }).routes);
      const client = createClient(WorkflowExecutionQueryController, connect());
      for (const call of [() => client.get({}), () => all(client.subscribe({}))]) {
        const error = await call().catch((reason: unknown) => reason);
        expect(error).toHaveProperty("code", Code.PermissionDenied);
        expect(
          findSecrets(textOf([error, ...(error as ConnectError).metadata]), [secretValue]),
        ).toEqual([]);
      }
    });
  });

  it.each([
    ["the server", [caching()], undefined],
    ["a service", [], [caching()]],
  ])("guards what an interceptor of %s answers", async (_, ofServer, ofService) => {
    const { routes, interceptors } = guardedServer(
      {
        routes: (router: ConnectRouter) =>
          router.service(
            WorkflowExecutionQueryController,
            implementation,
            ofService && { interceptors: ofService },
          ),
        interceptors: ofServer,
      },
      { mayRead },
    );
    const connect = await serve(routes, ...interceptors);
    const of = (caller: string) =>
      createClient(WorkflowExecutionQueryController, connect(as(caller)));
    expect(hasCallbackToken(await of("runner").get({}))).toBe(true);
    expect(hasCallbackToken(await of("viewer").get({}))).toBe(false);
    expect(hasCallbackToken(await of("runner").get({}))).toBe(true);
  });

  it("leaves interceptors of the server and of services where they were", async () => {
    const seen: string[] = [];
    const noting =
      (name: string): Interceptor =>
      (next) =>
      (call) => {
        seen.push(`${name} ${call.method.name}`);
        return next(call);
      };
    const server = guardedServer(
      {
        routes: (router: ConnectRouter) =>
          router
            .rpc(get, execution)
            .rpc(subscribe, twice, { interceptors: [noting("own 1"), noting("own 2")] }),
        interceptors: [noting("server 1"), noting("server 2")],
      },
      { mayRead },
    );
    const client = createClient(
      WorkflowExecutionQueryController,
      (await serve(server.routes, ...server.interceptors))(),
    );
    await client.get({});
    expect(seen.splice(0)).toEqual(["server 1 get", "server 2 get"]);
    await all(client.subscribe({}));
    expect(seen).toEqual(["own 1 subscribe", "own 2 subscribe"]);
  });

  it("shows no header that a handler has set before it throws, or an interceptor puts away", async () => {
    const set = ({ responseHeader, responseTrailer }: HandlerContext) => {
      responseHeader.set("x-secret", secretValue);
      responseTrailer.set("x-secret", secretValue);
    };
    const refuse = () => {
      throw new ConnectError("gone", Code.NotFound);
    };
    for (const end of [execution, refuse]) {
      const routes = (router: ConnectRouter) =>
        router.service(
          WorkflowExecutionQueryController,
          {
            get: (_, context) => {
              set(context);
              return end();
            },
            async *subscribe(_, context) {
              set(context);
              yield end();
              yield end();
            },
          },
          { interceptors: [replacing] },
        );
      const connect = await serve(guardedServer({ routes }, { mayRead }).routes);
      const client = createClient(WorkflowExecutionQueryController, connect(as("viewer")));
      const seen: unknown[] = [];
      const see = (headers: Headers) => void seen.push(...headers);
      const options = { onHeader: see, onTrailer: see };
      for (const call of [
        () => client.get({}, options),
        () => all(client.subscribe({}, options)),
      ]) {
        await call().then(
          () => expect(end).toBe(execution),
          (error: ConnectError) => {
            expect(error.code).toBe(Code.NotFound);
            seen.push(error, ...error.metadata);
          },
        );
      }
      expect(seen.length).toBeGreaterThan(0);
      expect(findSecrets(textOf(seen), [secretValue])).toEqual([]);
    }
  });

  it("leaves an rpc that is not there UNIMPLEMENTED", async () => {
    const { routes } = guardedServer(
      { routes: (router: ConnectRouter) => router.service(WorkflowExecutionQueryController, {}) },
      { mayRead },
    );
    const client = createClient(WorkflowExecutionQueryController, (await serve(routes))());
    await expect(client.get({})).rejects.toHaveProperty("code", Code.Unimplemented);
  });

  it.each(kinds)("serves the execution service's $name", async (kind) => {
    const server = guardedServer({ routes: createExecutionService().routes }, { mayRead });
    const connect = await serve(server.routes, ...server.interceptors);
    const created = await kind.connect(connect(as("viewer"))).create(kind.valid({ token }));
    expect(hasCallbackToken(created)).toBe(false);
    const runner = kind.connect(connect(as("runner")));
    expect(hasCallbackToken(await runner.get({ value: idOf(created) }))).toBe(true);
  });
});

it("guardedServer keeps the other options of a server, and takes no handler past its routes", () => {
  const push = (router: ConnectRouter) => {
    router.service(WorkflowExecutionQueryController, implementation);
    router.handlers.push(router.handlers[0] as never);
  };
  const server = guardedServer({ routes: push, requestPathPrefix: "/api" }, { mayRead });
  expect(server.requestPathPrefix).toBe("/api");
  const handlers: unknown[] = [];
  const router = { handlers, service: () => handlers.push(1), rpc: () => {} };
  expect(() => server.routes(router as never)).toThrow(TypeError);
  expect(handlers).toHaveLength(1);
});
