import type { DescMessage, JsonValue, Message } from "@bufbuild/protobuf";
import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";
import { type RedactionOptions, toRedactedJson } from "../redaction/index.js";

/** Where calls are logged: a pino logger, the console, or anything with these methods, async or not. */
export interface CallLog {
  /** One line per call: `method`, `durationMs` and `code`, which is `OK` or the name of a `Code`. */
  info(fields: object, text: string): void;

  /** One line per message: `method` and the redacted `request` or `response`. */
  debug(fields: object, text: string): void;

  /** If it returns false for `debug`, messages are not redacted, as none would be logged. */
  isLevelEnabled?(level: "debug"): boolean;
}

/**
 * An interceptor for clients and servers that logs each call and, at debug level, each of its
 * messages as `toRedactedJson` shows it. Headers and error texts are not logged. A stream is logged
 * when it ends; its code is `Canceled` if its reader leaves earlier.
 *
 * The call does not wait for the log. It goes on when a message cannot be shown, and when the log throws
 * or rejects.
 */
export function redactingLogger(log: CallLog, options?: RedactionOptions): Interceptor {
  return (next) => async (call) => {
    const start = performance.now();
    const method = `${call.service.typeName}/${call.method.name}`;
    const logCall = (code: string) =>
      quietly(() => log.info({ method, durationMs: performance.now() - start, code }, "call"));
    const logMessage = (kind: "request" | "response", schema: DescMessage, message: Message) =>
      quietly(() => {
        const enabled = log.isLevelEnabled?.("debug");
        if (enabled === false) return;
        // Nothing makes a logger in JavaScript answer at once.
        quietly(() => enabled);
        return log.debug({ method, [kind]: shown(schema, message, options) }, kind);
      });

    const logRequest = (message: Message) => logMessage("request", call.method.input, message);
    const logResponse = (message: Message) => logMessage("response", call.method.output, message);

    try {
      if (!call.stream) logRequest(call.message);
      const response = await next(
        call.stream ? { ...call, message: observed(call.message, logRequest) } : call,
      );
      if (response.stream) {
        const logEnd = once(logCall);
        // A reader that has left may never ask for another message, and its stream never end.
        const onAbort = () => logEnd(codeOf(call.signal.reason));
        call.signal.addEventListener("abort", onAbort, { once: true });
        return { ...response, message: observed(response.message, logResponse, logEnd) };
      }
      logResponse(response.message);
      logCall("OK");
      return response;
    } catch (error) {
      logCall(codeOf(error));
      throw error;
    }
  };
}

function once(log: (code: string) => void): (code: string) => void {
  let done = false;
  return (code) => {
    if (!done) log(code);
    done = true;
  };
}

/** The same messages, with `onMessage` told of each, and `onEnd` of how they have ended. */
async function* observed(
  messages: AsyncIterable<Message>,
  onMessage: (message: Message) => void,
  onEnd?: (code: string) => void,
): AsyncGenerator<Message> {
  let code = "Canceled";
  try {
    for await (const message of messages) {
      onMessage(message);
      yield message;
    }
    code = "OK";
  } catch (error) {
    code = codeOf(error);
    throw error;
  } finally {
    onEnd?.(code);
  }
}

function shown(schema: DescMessage, message: Message, options?: RedactionOptions): JsonValue {
  try {
    return toRedactedJson(schema, message, options);
  } catch {
    // The error may quote a value of the message.
    return `a ${schema.typeName} that has no JSON form`;
  }
}

function codeOf(error: unknown): string {
  // As a server does with an error that is none of Connect's.
  return Code[ConnectError.from(error, Code.Internal).code];
}

/** Calls at once, and waits for nothing. */
async function quietly(log: () => unknown): Promise<void> {
  try {
    await log();
  } catch {
    // A call is worth more than its log line, and nobody else would catch what an async log throws.
  }
}
