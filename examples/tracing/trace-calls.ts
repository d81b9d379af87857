import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";
import {
  type Context,
  context,
  propagation,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";

const tracer = trace.getTracer("calls");
const headers = {
  get: (header: Headers, name: string) => header.get(name) ?? undefined,
  set: (header: Headers, name: string, value: string) => header.set(name, value),
  keys: (header: Headers) => [...header.keys()],
};

/** For a client: a span for each call, which the server is told of as `traceparent`. */
export const tracedClient: Interceptor = (next) => (call) =>
  inSpan(call, SpanKind.CLIENT, context.active(), () => {
    propagation.inject(context.active(), call.header, headers);
    return next(call);
  });

/** For a server: a span for each call, below the one of its client. */
export const tracedServer: Interceptor = (next) => (call) => {
  const parent = propagation.extract(context.active(), call.header, headers);
  return inSpan(call, SpanKind.SERVER, parent, () => next(call));
};

type Call = Parameters<ReturnType<Interceptor>>[0];

/** The span of a stream ends when the stream begins. */
function inSpan<T>(
  { service, method }: Call,
  kind: SpanKind,
  parent: Context,
  run: () => Promise<T>,
): Promise<T> {
  const attributes = { "rpc.service": service.typeName, "rpc.method": method.name };
  const name = `${service.typeName}/${method.name}`;
  return tracer.startActiveSpan(name, { kind, attributes }, parent, async (span) => {
    try {
      return await run();
    } catch (error) {
      // Not its text, which may quote a message.
      const message = Code[ConnectError.from(error).code] ?? "";
      span.setStatus({ code: SpanStatusCode.ERROR, message });
      throw error;
    } finally {
      span.end();
    }
  });
}
