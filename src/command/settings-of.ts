import { parseArgs } from "node:util";
import { msToNumber } from "@temporalio/common/lib/time.js";

/** What a call of the command asks for. */
export interface Settings {
  readonly address: string;
  readonly namespace: string;
  readonly runnerNamespace: string;
  readonly tls: boolean;
  readonly apiKey: string | undefined;
  readonly service: string | undefined;
  readonly authorization: string | undefined;
  readonly query: string | undefined;
  readonly olderThanMs: number | undefined;
  readonly limit: number;
  readonly json: boolean;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const options = {
  address: { type: "string" },
  namespace: { type: "string" },
  "runner-namespace": { type: "string" },
  tls: { type: "boolean" },
  service: { type: "string" },
  query: { type: "string" },
  "older-than": { type: "string" },
  limit: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean" },
} as const;

/**
 * What these arguments and this environment ask for; `help` for the flag. An empty variable counts as
 * none. Throws an `Error` that says what was expected.
 */
export function settingsOf(args: readonly string[], env: Environment): Settings | "help" {
  const { values } = parseArgs({ args: [...args], options });
  if (values.help) return "help";
  const address = values.address || env.TEMPORAL_ADDRESS || "localhost:7233";
  const namespace = values.namespace || env.TEMPORAL_NAMESPACE || "default";
  const apiKey = env.TEMPORAL_API_KEY || undefined;
  return {
    address,
    namespace,
    runnerNamespace: values["runner-namespace"] || namespace,
    // A key goes over no connection that others can read.
    tls: values.tls || env.TEMPORAL_TLS === "true" || apiKey !== undefined,
    apiKey,
    service: values.service === undefined ? undefined : urlIn(values.service),
    authorization: env.STIGMER_AUTHORIZATION || undefined,
    query: values.query,
    olderThanMs: values["older-than"] === undefined ? undefined : durationIn(values["older-than"]),
    limit: values.limit === undefined ? Number.POSITIVE_INFINITY : countIn(values.limit),
    json: values.json ?? false,
  };
}

function urlIn(text: string): string {
  // Not the text itself, which may have a password.
  if (/^https?:\/\/[^/]/.test(text)) return text;
  throw new Error("--service: expected a URL that begins with http:// or https://");
}

function durationIn(text: string): number {
  try {
    return msToNumber(text as `${number}h`);
  } catch {
    throw new Error(`--older-than: expected a duration such as 90s, 5m, 1h or 2d, got ${text}`);
  }
}

function countIn(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new Error(`--limit: expected a number from 1, got ${text}`);
}
