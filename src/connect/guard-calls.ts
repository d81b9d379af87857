import type { DescMessage, DescMethod, DescService, Message } from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  createContextKey,
  type HandlerContext,
  type Interceptor,
} from "@connectrpc/connect";
import { count } from "../handshake/count.js";
import { withoutSecrets } from "../redaction/without-secrets.js";
import { withheldHeader } from "../withheld-header.js";
import type { CallbackTokenGuardOptions } from "./callback-token-guard.js";
import { forwardedError } from "./forwarded-error.js";
import { safeError } from "./safe-error.js";
import { type SafeHeaders, safeHeaders } from "./safe-headers.js";

type Next = Parameters<Interceptor>[0];

interface Call {
  readonly service: DescService;
  readonly method: DescMethod;
}

/** One guard, for the two places of a server where it stands. */
export interface Guard {
  readonly interceptor: Interceptor;
  readonly headers: SafeHeaders;
  /** What the interceptor has found of a call; undefined when the call has not come through it. */
  mayRead(context: HandlerContext): boolean | undefined;
}

export function guardCalls({
  mayRead,
  publicHeaders = [],
  meter,
  ...options
}: CallbackTokenGuardOptions): Guard {
  const headers = safeHeaders([...publicHeaders, withheldHeader]);
  const verdict = createContextKey<boolean | undefined>(undefined);

  const interceptor: Interceptor = (next) => async (call) => {
    let allowed = false;
    try {
      allowed = (await mayRead(call)) === true;
      call.contextValues.set(verdict, allowed);
    } catch (error) {
      throw safeError(error, headers, options);
    }
    if (allowed) return forwarded(next, call);
    try {
      const response = await next(call);
      const { output } = response.method;
      // Headers are changed in place: Connect drops only some of those that a copy has no more.
      headers.response(response.header);
      if (response.stream) return { ...response, message: redactEach(response) };
      // Before the message, which may turn out to be one that cannot be redacted.
      headers.response(response.trailer);
      const withheld = new Set<string>();
      const message = redacted(output, response.message, withheld);
      tell(response.header, withheld);
      countRefusal(response, withheld);
      return { ...response, message };
    } catch (error) {
      throw safeError(error, headers, options);
    }
  };

  async function* redactEach(
    response: Call & { message: AsyncIterable<Message>; header: Headers; trailer: Headers },
  ): AsyncGenerator<Message> {
    const { header, trailer } = response;
    const withheld = new Set<string>();
    try {
      for await (const message of response.message) {
        const safe = redacted(response.method.output, message, withheld);
        // With the first message the headers go out.
        headers.response(header);
        tell(header, withheld);
        yield safe;
      }
    } catch (error) {
      throw safeError(error, headers, options);
    } finally {
      countRefusal(response, withheld);
      headers.response(header);
      headers.response(trailer);
    }
  }

  /** Adds to `withheld` the names of the fields that were emptied. */
  function redacted(schema: DescMessage, message: Message, withheld: Set<string>): Message {
    try {
      return withoutSecrets(schema, message, {
        ...options,
        onRemoval: ({ field, message }) => withheld.add(field?.name ?? message.$typeName),
      });
    } catch (cause) {
      const text = "the response cannot be redacted";
      throw new ConnectError(text, Code.Internal, undefined, undefined, cause);
    }
  }

  function countRefusal({ service, method }: Call, withheld: ReadonlySet<string>): void {
    if (!withheld.has("callback_token")) return;
    count(meter, "stigmer_refused_reads", { rpc_method: `${service.typeName}/${method.name}` });
  }

  return { interceptor, headers, mayRead: ({ values }) => values.get(verdict) };
}

/** The call of a reader, who gets all of an upstream's error but what would break the response. */
async function forwarded(next: Next, call: Parameters<Next>[0]): ReturnType<Next> {
  try {
    const response = await next(call);
    return response.stream ? { ...response, message: forwardedEach(response.message) } : response;
  } catch (error) {
    throw forwardedError(error);
  }
}

async function* forwardedEach(messages: AsyncIterable<Message>): AsyncGenerator<Message> {
  try {
    yield* messages;
  } catch (error) {
    throw forwardedError(error);
  }
}

function tell(header: Headers, withheld: ReadonlySet<string>): void {
  if (withheld.size === 0) return;
  // What a guard before this one has withheld stands there already.
  const before = header.get(withheldHeader)?.split(", ") ?? [];
  header.set(withheldHeader, [...new Set([...before, ...withheld])].join(", "));
}
