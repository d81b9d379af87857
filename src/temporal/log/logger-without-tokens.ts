import type { Logger, LogMetadata } from "@temporalio/common";
import { shownInLog } from "./shown-in-log.js";
import { withoutBytes } from "./without-bytes.js";

/**
 * A logger of workers that lets no task token through to `logger`, which is the callback token:
 *
 *     Runtime.install({
 *       logger: loggerWithoutTokens(new DefaultLogger("INFO")),
 *       telemetryOptions: { logging: { forward: {} } },
 *     });
 *
 * Without `forward`, the native part of the SDK prints its lines past every logger, with tokens.
 *
 * Of the attributes, at any depth, `taskToken`, `task` and `taskEncoded` are left out, and bytes are
 * shown by their number. In every text what can be bytes is `[bytes]`: long Base64, Base64url, hex,
 * lists of numbers, and words with control characters; so is what only looks like them. The rest stays,
 * as plain objects and errors that can be printed: what is circular or cannot be read says so.
 *
 * Throws only what `logger` throws.
 */
export function loggerWithoutTokens(logger: Logger): Logger {
  const clean = (message: string, meta?: LogMetadata): [string, LogMetadata?] =>
    meta === undefined
      ? [withoutBytes(`${message}`)]
      : [withoutBytes(`${message}`), shownInLog(meta) as LogMetadata];
  return {
    log: (level, message, meta) => logger.log(level, ...clean(message, meta)),
    trace: (message, meta) => logger.trace(...clean(message, meta)),
    debug: (message, meta) => logger.debug(...clean(message, meta)),
    info: (message, meta) => logger.info(...clean(message, meta)),
    warn: (message, meta) => logger.warn(...clean(message, meta)),
    error: (message, meta) => logger.error(...clean(message, meta)),
  };
}
