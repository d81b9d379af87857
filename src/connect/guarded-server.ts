import { create, type DescMethod, type DescService, type Message } from "@bufbuild/protobuf";
import type {
  HandlerContext,
  Interceptor,
  StreamResponse,
  UnaryRequest,
  UnaryResponse,
} from "@connectrpc/connect";
import type { CallbackTokenGuardOptions } from "./callback-token-guard.js";
import { type Guard, guardCalls } from "./guard-calls.js";

/** What is needed of a `ConnectRouter`; Connect declares that type twice, for both kinds of modules. */
interface Router {
  readonly handlers: readonly unknown[];
  service(service: DescService, implementation: never, options?: never): unknown;
  rpc(method: DescMethod, implementation: never, options?: never): unknown;
}

/** What is needed of the options of a server, such as `ConnectNodeAdapterOptions`. */
interface Server {
  routes(router: never): unknown;
  interceptors?: Interceptor[];
}

type Handler = (request: unknown, context: HandlerContext) => unknown;
type HandlerOptions = { interceptors?: Interceptor[] };

/**
 * The options of a server, such as those of `connectNodeAdapter`, with `callbackTokenGuard` around
 * everything that is registered through its routes. The guard runs before the server's interceptors, and
 * before those of a service or an rpc that has its own. It also covers the headers that a handler has
 * set before it throws.
 *
 * The routes can be used alone, as `createRouterTransport` takes them. Then the guard covers only what
 * the handlers return.
 */
export function guardedServer<S extends Server>(
  server: S,
  options: CallbackTokenGuardOptions,
): S & { interceptors: Interceptor[] } {
  const guard = guardCalls(options);
  return {
    ...server,
    interceptors: [guard.interceptor, ...(server.interceptors ?? [])],
    routes: (router: Router) => server.routes(guardedRouter(router, guard) as never),
  };
}

function guardedRouter(router: Router, guard: Guard): Router {
  const optionsOf = (options?: HandlerOptions) =>
    // Also where it is undefined: that takes those of the server away.
    options && "interceptors" in options
      ? { ...options, interceptors: [guard.interceptor, ...(options.interceptors ?? [])] }
      : options;
  const guarded: Router = {
    // A handler that is put in here by hand would have no guard.
    get handlers() {
      return Object.freeze([...router.handlers]);
    },
    service(service, implementation: Record<string, unknown>, options?: HandlerOptions) {
      const handlers = service.methods.flatMap((method) => {
        const handler = implementation[method.localName];
        if (typeof handler !== "function") return [];
        return [[method.localName, guardedHandler(method, handler.bind(implementation), guard)]];
      });
      router.service(service, Object.fromEntries(handlers) as never, optionsOf(options) as never);
      return guarded;
    },
    rpc(method, handler: Handler, options?: HandlerOptions) {
      const implementation = guardedHandler(method, handler, guard);
      router.rpc(method, implementation as never, optionsOf(options) as never);
      return guarded;
    },
  };
  return guarded;
}

/** The handler with safe headers, and guarded here when its call has not come through the guard. */
function guardedHandler(method: DescMethod, handle: Handler, guard: Guard): Handler {
  async function respond(
    context: HandlerContext,
    stream: boolean,
    answer: () => unknown,
  ): Promise<UnaryResponse | StreamResponse> {
    const { service, requestMethod, url, signal, values } = context;
    const next = async () => {
      const [header, trailer] = [context.responseHeader, context.responseTrailer];
      return { stream, service, method, header, trailer, message: await answer() } as UnaryResponse;
    };
    if (guard.mayRead(context) !== undefined) return next();
    const header = context.requestHeader;
    const call = { stream, service, method, requestMethod, url, signal, header };
    return guard.interceptor(next)({ ...call, contextValues: values } as UnaryRequest);
  }

  function makeSafe(context: HandlerContext): void {
    if (guard.mayRead(context) === true) return;
    guard.headers.response(context.responseHeader);
    guard.headers.response(context.responseTrailer);
  }

  if (method.methodKind === "unary" || method.methodKind === "client_streaming") {
    return async (request, context) => {
      try {
        const response = await respond(context, false, async () =>
          create(method.output, (await handle(request, context)) as Message),
        );
        return response.message;
      } finally {
        makeSafe(context);
      }
    };
  }

  async function* messages(request: unknown, context: HandlerContext): AsyncGenerator<Message> {
    for await (const message of handle(request, context) as AsyncIterable<Message>) {
      yield create(method.output, message);
    }
  }
  return async function* (request, context) {
    try {
      const response = await respond(context, true, () => messages(request, context));
      for await (const message of response.message as AsyncIterable<Message>) {
        // Before the first message is out, and with it the headers.
        makeSafe(context);
        yield message;
      }
    } finally {
      makeSafe(context);
    }
  };
}
