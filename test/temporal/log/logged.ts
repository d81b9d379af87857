import { inspect } from "node:util";
import type { LogLevel, LogMetadata } from "@temporalio/common";
import { expect } from "vitest";
import { loggerWithoutTokens } from "../../../src/temporal/log/logger-without-tokens.js";

export interface Line {
  level: LogLevel;
  message: string;
  meta?: LogMetadata | undefined;
}

/** The line that a logger gets of this, by each of its methods. */
export function logged(message: string, meta?: LogMetadata): Line {
  const lines: Line[] = [];
  const put = (level: LogLevel) => (message: string, meta?: LogMetadata) => {
    lines.push({ level, message, meta });
  };
  const logger = loggerWithoutTokens({
    log: (level, message, meta) => put(level)(message, meta),
    trace: put("TRACE"),
    debug: put("DEBUG"),
    info: put("INFO"),
    warn: put("WARN"),
    error: put("ERROR"),
  });
  logger.trace(message, meta);
  logger.debug(message, meta);
  logger.info(message, meta);
  logger.warn(message, meta);
  logger.error(message, meta);
  logger.log("INFO", message, meta);
  const levels = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "INFO"];
  expect(lines.map(({ level }) => level)).toEqual(levels);
  const [line] = lines as [Line];
  for (const other of lines) expect(other).toEqual({ ...line, level: other.level });
  return line;
}

/** What a logger gets of an attribute with this value. */
export const metaOf = (value: unknown) => logged("line", { value }).meta?.value;
/** How `inspect` shows all that there is. */
export const everything = {
  depth: null,
  maxArrayLength: null,
  maxStringLength: null,
  showHidden: true,
} as const;
export const printed = (line: Line) => `${line.message} ${inspect(line.meta, everything)}`;
