import { randomBytes } from "node:crypto";
import { create, type Message, toBinary } from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  type ConnectRouter,
  createClient,
  createContextValues,
  type HandlerContext,
} from "@connectrpc/connect";
import { describe, expect, it, vi } from "vitest";
import { AgentExecutionSpecSchema } from "../../src/agentexecution/v1.js";
import { callbackTokenGuard, type GuardedCall } from "../../src/connect/index.js";
import type { Execution, ExecutionSpec } from "../../src/execution/execution.js";
import { callbackToken, describeCallbackToken, getCallbackToken } from "../../src/index.js";
import { createExecutionService } from "../../src/testing/index.js";
import {
  WorkflowExecutionIdSchema,
  WorkflowExecutionQueryController,
  WorkflowExecutionSchema,
  type WorkflowExecutionSpec,
} from "../../src/workflowexecution/v1.js";
import { findSecrets } from "../find-secrets.js";
import { secret } from "../redaction/cases.js";
import { textOf, withUnknown } from "../redaction/fixtures.js";
import {
  type AnyMessage,
  make,
  packed,
  packedBytes,
  registry,
  schemaOf,
  serviceOf,
} from "../redaction/protos.js";
import {
  all,
  EXECUTION_CANCELLED,
  EXECUTION_IN_PROGRESS,
  type ExecutionClient,
  idOf,
  type Kind,
  kinds,
  present,
  secretValue,
  soon,
} from "../testing/fixtures.js";
import { as, connections, grpc, http1, http2, inMemory } from "./connections.js";

const token = callbackToken(randomBytes(132));
const leaksOf = (value: unknown) => findSecrets(textOf(value), [token, secretValue]);
const described = describeCallbackToken(token);
// Compared by their fingerprints, so that a test that fails shows no token.
function tokenIn(message: Execution | ExecutionSpec | undefined): string | undefined {
  const found = message && getCallbackToken(message);
  return found && describeCallbackToken(found);
}
const mayRead = ({ header }: GuardedCall) => header.get("caller") === "runner";

type Rpc = (client: ExecutionClient<Execution>, kind: Kind<Execution>, id: string) => Call;
type Call = Promise<Execution | Execution[]>;

const rpcs: Record<string, Rpc> = {
  create: (client, kind) => client.create(kind.valid({ token })),
  update: (client, kind, id) => client.update(kind.valid({ id, token, tags: ["new"] })),
  updateStatus: (client, _, id) => client.updateStatus(id, { phase: EXECUTION_IN_PROGRESS }),
  delete: (client, _, value) => client.delete({ value }),
  get: (client, _, value) => client.get({ value }),
  list: async (client) => (await client.list({})).entries,
  "list by workflow or session": async (client, kind) =>
    (await client.listOf(kind.idPrefix === "wex" ? "wf-1" : "ses-1", {})).entries,
  subscribe: async (client, _, id) => {
    const states: Execution[] = [];
    for await (const state of client.subscribe(id)) {
      states.push(state);
      if (states.length === 1) await client.updateStatus(id, { phase: EXECUTION_CANCELLED });
    }
    expect(states.length).toBeGreaterThan(1);
    return states;
  },
};

const cases = connections.flatMap((connection) =>
  kinds.map((kind) => ({ ...connection, kind, name: kind.name })),
);

describe.each(cases)("callbackTokenGuard of $name over $over", ({ serve, kind }) => {
  async function start() {
    const { routes } = createExecutionService();
    const connect = await serve(routes, callbackTokenGuard({ mayRead }));
    const viewer = kind.connect(connect(as("viewer")));
    const runner = kind.connect(connect(as("runner")));
    // A viewer's request keeps its token on the way in.
    const id = idOf(await viewer.create(kind.valid({ token })));
    return { viewer, runner, id };
  }

  it.each(Object.entries(rpcs))(
    "%s: a viewer gets no secret, and sees that there is one",
    async (_, call) => {
      const { viewer, id } = await start();
      const executions = [await call(viewer, kind, id)].flat();
      expect(executions.length).toBeGreaterThan(0);
      for (const execution of executions) {
        expect(leaksOf(execution)).toEqual([]);
        const { metadata, spec } = execution;
        const { spec: full } = kind.valid();
        const runtimeEnv = { API_KEY: { ...full?.runtimeEnv.API_KEY, value: "" } };
        expect(spec).toEqual({ ...full, runtimeEnv });
        expect(metadata).toMatchObject({ name: present(kind.valid().metadata).name });
      }
    },
  );

  it.each(Object.entries(rpcs))("%s: a reader gets every byte", async (_, call) => {
    const { runner, id } = await start();
    const executions = [await call(runner, kind, id)].flat();
    expect(executions.length).toBeGreaterThan(0);
    for (const { spec } of executions) {
      expect(tokenIn(spec)).toBe(described);
      expect(spec?.runtimeEnv.API_KEY?.value === secretValue).toBe(true);
    }
  });
});

const execution = () =>
  create(WorkflowExecutionSchema, {
    metadata: { name: "shown" },
    spec: { callbackToken: token, runtimeEnv: { KEY: { value: secretValue, isSecret: true } } },
  });
const shown = create(WorkflowExecutionSchema, {
  metadata: { name: "shown" },
  spec: { runtimeEnv: { KEY: { isSecret: true } } },
});

/** A service that gives an execution with secrets, or what a test wants it to. */
function service(
  get: (context: HandlerContext) => Message | Promise<Message> = execution,
  subscribe: (context: HandlerContext) => AsyncIterable<Message> = async function* () {
    yield execution();
    yield execution();
  },
) {
  return (router: ConnectRouter) =>
    router.service(WorkflowExecutionQueryController, {
      get: (_, context) => get(context) as never,
      subscribe: (_, context) => subscribe(context) as never,
    });
}

describe.each(connections)("mayRead of callbackTokenGuard over $over", ({ serve }) => {
  async function callWith(mayRead: (call: GuardedCall) => unknown, routes = service()) {
    const guard = callbackTokenGuard({ mayRead: mayRead as never });
    const client = createClient(WorkflowExecutionQueryController, (await serve(routes, guard))());
    return {
      get: () => client.get({ value: "wex-1" }),
      subscribe: () => all(client.subscribe({ executionId: "wex-1" })),
    };
  }

  it.each([
    ["false", () => false],
    ["nothing", () => undefined],
    ["a text", () => "true"],
    ["a number", () => 1],
    ["an object", () => ({ allowed: true })],
    ["a promise of false", async () => false],
    ["a promise of a text", async () => "true"],
  ])("is a no when it gives %s", async (_, mayRead) => {
    const { get, subscribe } = await callWith(mayRead);
    expect(await get()).toEqual(shown);
    expect(await subscribe()).toEqual([shown, shown]);
  });

  it.each([
    ["true", () => true],
    ["a promise of true", async () => true],
  ])("is a yes when it gives %s", async (_, mayRead) => {
    const { get, subscribe } = await callWith(mayRead);
    expect(tokenIn(await get())).toBe(described);
    const states = await subscribe();
    expect(states.map(({ spec }) => spec?.runtimeEnv.KEY?.value)).toEqual([
      secretValue,
      secretValue,
    ]);
  });

  it("is asked once per call, before it is handled, and told who calls what", async () => {
    const events: string[] = [];
    const { get, subscribe } = await callWith(
      ({ service, method, requestMethod, url, header, contextValues }) => {
        events.push(`mayRead ${service.typeName}/${method.name}`);
        expect(requestMethod).toBe("POST");
        expect(new URL(url).pathname).toBe(`/${service.typeName}/${method.name}`);
        expect([header.has("content-type"), typeof contextValues.get]).toEqual([true, "function"]);
        return false;
      },
      service(
        () => {
          events.push("get");
          return execution();
        },
        async function* () {
          events.push("subscribe");
          for (let state = 0; state < 3; state++) yield execution();
        },
      ),
    );
    const name = WorkflowExecutionQueryController.typeName;
    await get();
    expect(events.splice(0)).toEqual([`mayRead ${name}/get`, "get"]);
    await subscribe();
    expect(events).toEqual([`mayRead ${name}/subscribe`, "subscribe"]);
  });

  const details = [{ desc: WorkflowExecutionSchema, value: execution() }];
  it.each([
    ["a ConnectError", new ConnectError("not yours", Code.PermissionDenied), Code.PermissionDenied],
    [
      "a ConnectError with secrets in its details",
      new ConnectError("not yours", Code.PermissionDenied, undefined, details),
      Code.PermissionDenied,
    ],
    ["an error with a secret in its text", new Error(secretValue), Code.Internal],
    ["a text", secretValue, Code.Internal],
    // Connect ends the stream then, without an error.
    ["nothing", undefined, undefined],
  ])("fails the call when it throws %s, and nothing is handled", async (_, thrown, code) => {
    for (const throwing of [
      () => {
        throw thrown;
      },
      () => Promise.reject(thrown),
    ]) {
      const handle = vi.fn();
      const { get, subscribe } = await callWith(throwing, service(handle, handle));
      for (const call of [get, subscribe]) {
        const error = await call().catch((reason: unknown) => reason);
        if (code !== undefined) expect(error).toHaveProperty("code", code);
        expect(leaksOf(error)).toEqual([]);
      }
      expect(handle).not.toHaveBeenCalled();
    }
  });
});

describe.each(connections)("errors through callbackTokenGuard over $over", ({ serve }) => {
  const failing = (error: unknown) =>
    service(
      () => {
        throw error;
      },
      async function* () {
        yield execution();
        throw error;
      },
    );
  /** What a unary call and a stream that fails midway are refused with. */
  async function errorsOf(
    error: unknown,
    options: { known?: boolean; caller?: string } = {},
  ): Promise<ConnectError[]> {
    const { known = true, caller = "viewer" } = options;
    const publicHeaders = ["X-Reason"];
    const guard = callbackTokenGuard({ mayRead, publicHeaders, ...(known && { registry }) });
    const connect = await serve(failing(error), guard);
    const client = createClient(WorkflowExecutionQueryController, connect(as(caller)));
    const states: Message[] = [];
    const stream = async () => {
      for await (const state of client.subscribe({ executionId: "wex-1" })) states.push(state);
    };
    const errors = [client.get({ value: "wex-1" }), stream()].map((call) =>
      call.then(
        () => expect.fail("expected a refusal, got a value"),
        (reason) => reason as ConnectError,
      ),
    );
    const found = await Promise.all(errors);
    expect(states).toHaveLength(1);
    return found;
  }
  const withDetails = (...details: ConnectError["details"]) => {
    const error = new ConnectError("as it was", Code.FailedPrecondition, {
      "x-reason": "kept",
      "retry-after": "7",
      "x-other": secretValue,
    });
    error.details = details;
    error.cause = new Error(secretValue);
    return error;
  };
  const bytes = toBinary(WorkflowExecutionSchema, execution());
  const type = WorkflowExecutionSchema.typeName;
  const init = { metadata: { name: "shown" }, spec: { callbackToken: token } };

  it.each([
    ["a message", { desc: WorkflowExecutionSchema, value: execution() }, shown],
    [
      "what a message is made of",
      { desc: WorkflowExecutionSchema, value: init },
      create(WorkflowExecutionSchema, { metadata: { name: "shown" }, spec: {} }),
    ],
    ["an encoded message", { type, value: bytes }, shown],
  ])("have a detail redacted that is %s", async (_, detail, expected) => {
    for (const error of await errorsOf(withDetails(detail, detail))) {
      expect(error.findDetails(WorkflowExecutionSchema)).toEqual([expected, expected]);
      expect(leaksOf([error, error.details])).toEqual([]);
    }
  });

  it.each([
    ["of an unknown type", { type: "test.Unheard", value: bytes }, true],
    ["when no type is known", { type, value: bytes }, false],
    ["that is not of its type", { type, value: Buffer.from(secretValue) }, true],
    ["that cannot be redacted", { desc: WorkflowExecutionSchema, value: misfit() }, true],
    [
      "that is a message of another type",
      {
        desc: WorkflowExecutionIdSchema,
        value: create(WorkflowExecutionSchema, execution()).spec?.runtimeEnv.KEY as never,
      },
      true,
    ],
  ])("lose a detail %s, and no other", async (_, detail, known) => {
    const id = { desc: WorkflowExecutionIdSchema, value: { value: "wex-1" } };
    for (const error of await errorsOf(withDetails(detail, id), { known })) {
      expect(error.details).toHaveLength(1);
      const kept = create(WorkflowExecutionIdSchema, id.value);
      expect(error.findDetails(WorkflowExecutionIdSchema)).toEqual([kept]);
      expect(leaksOf([error, error.details])).toEqual([]);
    }
  });

  it("keep everything else", async () => {
    const detail = { desc: WorkflowExecutionSchema, value: execution() };
    for (const error of await errorsOf(withDetails(detail))) {
      expect(error.code).toBe(Code.FailedPrecondition);
      expect(error.rawMessage).toBe("as it was");
      expect(error.metadata.get("x-reason")).toBe("kept");
      expect(error.metadata.get("retry-after")).toBe("7");
      expect(error.metadata.has("x-other")).toBe(false);
    }
    for (const error of await errorsOf(new ConnectError("plain", Code.NotFound))) {
      expect([error.code, error.rawMessage]).toEqual([Code.NotFound, "plain"]);
    }
  });

  it("come to a reader with all details", async () => {
    const detail = { desc: WorkflowExecutionSchema, value: execution() };
    for (const error of await errorsOf(withDetails(detail), { caller: "runner" })) {
      const [found] = error.findDetails(WorkflowExecutionSchema);
      expect(tokenIn(found)).toBe(described);
    }
  });
});

/** An execution with another message in it than its type has, as only a cast can make it. */
function misfit() {
  const message = execution();
  const { callbackToken, runtimeEnv } = message.spec as WorkflowExecutionSpec;
  const spec = create(AgentExecutionSpecSchema, { callbackToken, runtimeEnv });
  return Object.assign(message, { spec });
}

describe.each(connections)("callbackTokenGuard over $over", ({ serve }) => {
  it("fails with INTERNAL for a response that cannot be redacted, and shows nothing", async () => {
    const set = ({ responseHeader, responseTrailer }: HandlerContext) => {
      responseHeader.set("x-secret", secretValue);
      responseTrailer.set("x-secret", secretValue);
    };
    const routes = service(
      (context) => {
        set(context);
        return misfit() as never;
      },
      async function* (context) {
        set(context);
        yield execution();
        yield misfit();
      },
    );
    const connect = await serve(routes, callbackTokenGuard({ mayRead }));
    const client = createClient(WorkflowExecutionQueryController, connect());
    const states: Message[] = [];
    const stream = async () => {
      for await (const state of client.subscribe({ executionId: "wex-1" })) states.push(state);
    };
    for (const call of [() => client.get({ value: "wex-1" }), stream]) {
      const error = await call().catch((reason: unknown) => reason);
      expect(error).toMatchObject({
        code: Code.Internal,
        rawMessage: "the response cannot be redacted",
        details: [],
      });
      expect(leaksOf([error, ...(error as ConnectError).metadata])).toEqual([]);
    }
    expect(states).toEqual([shown]);
  });

  it.each(["viewer", "runner"])("tells the handler of a %s who leaves a stream", async (caller) => {
    const events: string[] = [];
    const routes = service(undefined, async function* ({ signal }) {
      const left = new Promise<void>((resolve) => {
        signal.addEventListener("abort", () => {
          events.push("aborted");
          resolve();
        });
      });
      try {
        yield execution();
        yield execution();
        await left;
      } finally {
        events.push("ended");
      }
    });
    const connect = await serve(routes, callbackTokenGuard({ mayRead }));
    const client = createClient(WorkflowExecutionQueryController, connect(as(caller)));
    const leaving = new AbortController();
    const options = { signal: leaving.signal };
    let states = 0;
    const reading = async () => {
      for await (const _ of client.subscribe({ executionId: "wex-1" }, options)) {
        if (++states === 2) leaving.abort();
      }
    };
    await expect(reading()).rejects.toHaveProperty("code", Code.Canceled);
    await vi.waitFor(() => expect(events).toEqual(["aborted", "ended"]), soon);
  });

  it("shows headers and trailers that are public, and says what it has withheld", async () => {
    const set = ({ responseHeader, responseTrailer }: HandlerContext) => {
      responseHeader.set("x-header", "kept");
      responseHeader.set("retry-after", "7");
      responseHeader.set("x-secret", secretValue);
      responseTrailer.set("x-trailer", "kept");
      responseTrailer.set("x-secret", secretValue);
    };
    const routes = service(
      (context) => {
        set(context);
        return execution();
      },
      async function* (_) {
        set(_);
        yield execution();
        yield execution();
      },
    );
    const publicHeaders = ["x-header", "x-trailer"];
    const connect = await serve(routes, callbackTokenGuard({ mayRead, publicHeaders }));
    const seenBy = async (caller: string) => {
      const client = createClient(WorkflowExecutionQueryController, connect(as(caller)));
      const seen: (string | null)[] = [];
      const names = ["x-header", "retry-after", "x-secret", "stigmer-withheld"];
      const options = {
        onHeader: (header: Headers) => void seen.push(...names.map((name) => header.get(name))),
        onTrailer: (trailer: Headers) =>
          void seen.push(trailer.get("x-trailer"), trailer.get("x-secret")),
      };
      await client.get({ value: "wex-1" }, options);
      await all(client.subscribe({ executionId: "wex-1" }, options));
      return seen;
    };
    const viewed = ["kept", "7", null, "callback_token, value", "kept", null];
    expect(await seenBy("viewer")).toEqual([...viewed, ...viewed]);
    const read = ["kept", "7", secretValue, null, "kept", secretValue];
    expect(await seenBy("runner")).toEqual([...read, ...read]);
  });

  it("says nothing where it has withheld nothing", async () => {
    const connect = await serve(
      service(() => shown),
      callbackTokenGuard({ mayRead }),
    );
    const client = createClient(WorkflowExecutionQueryController, connect(as("viewer")));
    const onHeader = vi.fn<(header: Headers) => void>();
    await client.get({ value: "wex-1" }, { onHeader });
    expect(onHeader.mock.lastCall?.[0].has("stigmer-withheld")).toBe(false);
  });
});

describe("callbackTokenGuard", () => {
  it("gives an interceptor around it a message that still has its default values", async () => {
    const message = make("Legacy", { text: secretValue });
    const method = { output: schemaOf("Legacy") };
    const header = new Headers();
    const handle = callbackTokenGuard({ mayRead: () => false })(
      async () => ({ stream: false, method, message, header, trailer: header }) as never,
    );
    const response = await handle({ contextValues: createContextValues(), header } as never);
    expect(response.message).toStrictEqual(make("Legacy"));
    expect(response.message).toHaveProperty("name", "nobody");
  });
});

type Later = Record<
  "read" | "watch" | "collect" | "talk",
  (request: unknown) => AsyncIterable<AnyMessage> | Promise<AnyMessage>
>;

describe("the rpcs of a later contract", () => {
  const unknownAny = packedBytes("test.Unheard", token);
  const odd = (message: AnyMessage) =>
    make("Places", {
      nested: { list: [message], byText: { key: message } },
      byNumber: { 7: message },
      choice: { case: "chosen", value: message },
      any: packed(make("Places", { anys: [packed(message)] })),
    });
  const given = () => {
    const message = odd(secret.given());
    Object.assign(message, { anys: [unknownAny] });
    return withUnknown(message, 900, token);
  };
  const left = Object.assign(odd(secret.left()), { anys: [make("google.protobuf.Any")] });

  it.each([
    ...[inMemory, http2, grpc].map((connection) => ({ ...connection, rpc: "read" as const })),
    ...[inMemory, http1, http2, grpc].map((c) => ({ ...c, rpc: "watch" as const })),
    ...[inMemory, http1, http2, grpc].map((c) => ({ ...c, rpc: "collect" as const })),
    ...[inMemory, http2, grpc].map((c) => ({ ...c, rpc: "talk" as const })),
  ])("are guarded from their first day: $rpc over $over", async ({ serve, rpc }) => {
    const requests: unknown[] = [];
    const received = async (messages: AsyncIterable<unknown>) => {
      for await (const message of messages) requests.push(message);
    };
    const routes = (router: ConnectRouter) =>
      router.service(serviceOf("LaterController"), {
        read: (request: unknown) => {
          requests.push(request);
          return given();
        },
        async *watch(request: unknown) {
          requests.push(request);
          yield given();
          yield given();
        },
        collect: async (messages: AsyncIterable<unknown>) => {
          await received(messages);
          return given();
        },
        async *talk(messages: AsyncIterable<unknown>) {
          await received(messages);
          yield given();
          yield given();
        },
      } as never);
    const connect = await serve(routes, callbackTokenGuard({ mayRead, registry }));
    const call = (caller: string) => {
      const client = createClient(serviceOf("LaterController"), connect(as(caller)));
      return answersOf((client as unknown as Later)[rpc](requestOf(rpc)));
    };
    async function* twice() {
      yield given();
      yield given();
    }
    const isStream = rpc === "collect" || rpc === "talk";
    const requestOf = (_: string) => (isStream ? twice() : given());

    const count = rpc === "watch" || rpc === "talk" ? 2 : 1;
    expect(await call("viewer")).toEqual(Array(count).fill(left));
    expect(requests).toEqual(Array(isStream ? 2 : 1).fill(given()));
    expect(await call("runner")).toEqual(Array(count).fill(given()));
  });
});

async function answersOf(
  answer: AsyncIterable<AnyMessage> | Promise<AnyMessage>,
): Promise<AnyMessage[]> {
  return Symbol.asyncIterator in answer ? all(answer) : [await answer];
}
