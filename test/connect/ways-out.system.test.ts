import { randomBytes } from "node:crypto";
import { createRegistry, type DescMethod, type Message, toBinary } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { AnySchema, anyPack } from "@bufbuild/protobuf/wkt";
import {
  type CallOptions,
  Code,
  ConnectError,
  type ConnectRouter,
  createClient,
  type HandlerContext,
} from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { type GuardedCall, guardedServer } from "../../src/connect/index.js";
import {
  WorkflowExecutionQueryController,
  WorkflowExecutionSpecSchema,
} from "../../src/workflowexecution/v1.js";
import { findSecrets } from "../find-secrets.js";
import { messages, services } from "../redaction/contract.js";
import { textOf } from "../redaction/fixtures.js";
import { as, grpc, grpcWeb, http1 } from "./connections.js";
import { filled } from "./filled.js";

// A gateway in front of an upstream that puts secrets into everything a response consists of: what
// comes out of it, whatever protocol is spoken on either side. Of an error's text nothing is said.

type Rpc = (request: object, options?: CallOptions) => unknown;
type Handle = (method: DescMethod, context: HandlerContext) => Promise<Message> | Message;

const registry = createRegistry(...messages);
const mayRead = ({ header }: GuardedCall) => header.get("caller") === "runner";
const rpcs = services.flatMap(({ methods }) => methods);

const inHeader = randomBytes(24).toString("base64url");
const inTrailer = randomBytes(24).toString("base64url");
const inMetadata = randomBytes(24).toString("base64url");
const inBinary = Uint8Array.from(randomBytes(24));
const detail = filled(WorkflowExecutionSpecSchema, 1);
const secrets = [inHeader, inTrailer, inMetadata, inBinary, ...detail.secrets];

/** A google.rpc.Status in gRPC's form, as an upstream has it that is no server of Connect. */
const statusDetails = Buffer.from(
  new BinaryWriter()
    .tag(1, WireType.Varint)
    .int32(Code.FailedPrecondition)
    .tag(3, WireType.LengthDelimited)
    .bytes(toBinary(AnySchema, anyPack(WorkflowExecutionSpecSchema, detail.message as never)))
    .finish(),
).toString("base64");

/** How a call of the upstream ends. */
const endings = ["error", "error without details", "response"] as const;

function refusal(ending: (typeof endings)[number]): ConnectError {
  const error = new ConnectError("not now", Code.FailedPrecondition, {
    "x-metadata": inMetadata,
    "x-metadata-bin": Buffer.from(inBinary).toString("base64"),
  });
  const desc = WorkflowExecutionSpecSchema;
  if (ending === "error") error.details = [{ desc, value: detail.message as never }];
  else error.metadata.set("grpc-status-details-bin", statusDetails);
  return error;
}

/** All rpcs of the contract; a stream gives one message before it ends. */
function routesOf(handle: Handle) {
  return (router: ConnectRouter): void => {
    for (const service of services) {
      const handlers = service.methods.map((method) => [
        method.localName,
        method.methodKind === "unary"
          ? (_: Message, context: HandlerContext) => handle(method, context)
          : async function* (_: Message, context: HandlerContext) {
              context.responseHeader.set("x-header", inHeader);
              yield {};
              yield await handle(method, context);
            },
      ]);
      // With interceptors of its own, so that it does without those of its server.
      router.service(service, Object.fromEntries(handlers), { interceptors: [] });
    }
  };
}

function rpcOf(method: DescMethod, transport: Parameters<typeof createClient>[1]): Rpc {
  const client = createClient(method.parent, transport) as Record<string, Rpc>;
  return client[method.localName] as Rpc;
}

/** Calls, and gives all that the caller gets to see. */
async function call(method: DescMethod, rpc: Rpc): Promise<unknown[]> {
  const seen: unknown[] = [];
  const see = (headers: Headers) => void seen.push(...headers.entries());
  try {
    const answer = rpc({}, { onHeader: see, onTrailer: see });
    if (method.methodKind === "unary") seen.push(await answer);
    else for await (const message of answer as AsyncIterable<Message>) seen.push(message);
  } catch (error) {
    const { metadata, details, cause } = error as ConnectError;
    seen.push(error, cause, ...metadata.entries());
    for (const found of details) {
      const bytes = "type" in found ? found.value : new Uint8Array();
      seen.push(found, Buffer.from(bytes).toString("latin1"));
    }
  }
  return seen;
}

const codeIn = (seen: unknown[]) => seen.find((part) => part instanceof ConnectError)?.code;

const protocols = [grpc, grpcWeb, http1];
const pairs = protocols.flatMap((upstream) =>
  protocols.map((downstream) => ({ upstream, downstream })),
);
const { get, subscribe } = WorkflowExecutionQueryController.method;

describe.each(
  pairs.map((pair) => ({ ...pair, from: pair.upstream.over, to: pair.downstream.over })),
)("from $from to $to", ({ upstream, downstream }) => {
  it.each(endings)("no rpc shows a viewer a secret in an %s, and a reader all", async (ending) => {
    const answer = (context: HandlerContext): Message => {
      context.responseHeader.set("x-header", inHeader);
      context.responseTrailer.set("x-trailer", inTrailer);
      if (ending !== "response") throw refusal(ending);
      return {} as Message;
    };
    const connectUpstream = (await upstream.serve(routesOf((_, context) => answer(context))))();
    const gateway = routesOf(async (method, context) => {
      // As if an earlier call had set them; Connect gives no headers with a unary error.
      context.responseHeader.set("x-header", inHeader);
      context.responseTrailer.set("x-trailer", inTrailer);
      const copyTo = (target: Headers) => (from: Headers) =>
        from.forEach((value, name) => {
          if (/^(x-|grpc-status-details)/.test(name)) target.set(name, value);
        });
      const answer = rpcOf(method, connectUpstream)(
        {},
        { onHeader: copyTo(context.responseHeader), onTrailer: copyTo(context.responseTrailer) },
      );
      let last = {};
      if (method.methodKind === "unary") last = (await answer) as Message;
      else for await (const message of answer as AsyncIterable<Message>) last = message;
      return last as Message;
    });
    for (const options of [{}, { registry }]) {
      const { routes, interceptors } = guardedServer(
        { routes: gateway, interceptors: [] },
        { mayRead, ...options },
      );
      const connect = await downstream.serve(routes, ...interceptors);
      const [viewer, runner] = [connect(as("viewer")), connect(as("runner"))];
      for (const method of [get, subscribe]) {
        const viewed = await call(method, rpcOf(method, viewer));
        expect(findSecrets(textOf(viewed), secrets)).toEqual([]);
        const read = await call(method, rpcOf(method, runner));
        const expected = ending === "response" ? [inHeader, inTrailer] : [inMetadata, inBinary];
        for (const secret of expected) expect(findSecrets(textOf(read), [secret])).not.toEqual([]);
        expect(codeIn(read)).toBe(ending === "response" ? undefined : Code.FailedPrecondition);
        expect(codeIn(viewed)).toBe(codeIn(read));
      }
    }
  });
});

class Refusal extends ConnectError {}

describe.each(protocols)("to $over", ({ serve }) => {
  const thrown: [string, () => unknown][] = [
    ["a text", () => inMetadata],
    ["bytes", () => inBinary],
    ["an error", () => new Error(inMetadata, { cause: detail.message })],
    ["an abort", () => new DOMException(inMetadata, "AbortError")],
    ["a timeout", () => new DOMException(inMetadata, "TimeoutError")],
    ["a message", () => detail.message],
    ["an object that says what it is", () => ({ toString: () => inMetadata, code: 5 })],
    ["an AggregateError", () => new AggregateError([refusal("error")], inMetadata)],
    [
      "a class of ConnectError",
      () => Object.assign(new Refusal("not now", Code.NotFound, { "x-metadata": inMetadata })),
    ],
    [
      "a ConnectError of another copy of Connect",
      () => {
        const { code, metadata, details, rawMessage, cause } = refusal("error");
        const fields = { name: "ConnectError", code, metadata, details, rawMessage, cause };
        return Object.assign(new Error(rawMessage), fields);
      },
    ],
  ];
  it.each(thrown)("no rpc shows a viewer %s that is thrown", async (_, error) => {
    const { routes } = guardedServer(
      {
        routes: routesOf(() => {
          throw error();
        }),
      },
      { mayRead, registry },
    );
    const viewer = (await serve(routes))(as("viewer"));
    for (const method of rpcs) {
      const viewed = await call(method, rpcOf(method, viewer));
      expect(codeIn(viewed)).toBeDefined();
      expect(findSecrets(textOf(viewed), secrets)).toEqual([]);
    }
  });
});
