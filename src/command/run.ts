import { Client, Connection } from "@temporalio/client";
import { listOpenHandshakes, type OpenHandshake } from "../temporal/open-handshakes/index.js";
import { help } from "./help.js";
import { type Environment, type Settings, settingsOf } from "./settings-of.js";
import { rowOf, titles } from "./table.js";

/** The exit status of the command. */
export type ExitStatus = 0 | 1 | 2;

/** Lists what is asked for, line by line. Throws if that cannot be done. */
export async function run(
  args: readonly string[],
  env: Environment,
  print: (line: string) => void,
): Promise<ExitStatus> {
  const settings = settingsOf(args, env);
  if (settings === "help") {
    print(help.trimEnd());
    return 0;
  }
  const { namespace, runnerNamespace } = settings;
  const connection = await connect(settings);
  try {
    const client = new Client({ connection, namespace });
    const runnerClient = new Client({ connection, namespace: runnerNamespace });
    const handshakes = listOpenHandshakes(client, {
      runnerClient,
      ...(await executionsOf(settings)),
      ...(settings.query !== undefined && { query: settings.query }),
      ...(settings.olderThanMs !== undefined && { olderThan: settings.olderThanMs }),
    });
    return await printAll(handshakes, settings, print);
  } finally {
    await connection.close();
  }
}

async function connect({ address, tls, apiKey }: Settings): Promise<Connection> {
  try {
    return await Connection.connect({ address, tls, ...(apiKey && { apiKey }) });
  } catch (cause) {
    throw new Error(`Temporal at ${address}`, { cause });
  }
}

/** Loads what speaks to the service only if there is one. */
async function executionsOf({ service, authorization }: Settings) {
  if (service === undefined) return {};
  const { executionsAt } = await import("./executions-at.js");
  return { executions: executionsAt(service, authorization) };
}

async function printAll(
  handshakes: AsyncIterable<OpenHandshake>,
  { json, limit }: Settings,
  print: (line: string) => void,
): Promise<ExitStatus> {
  const counts = new Map<string, number>();
  let count = 0;
  if (!json) print(titles);
  for await (const handshake of handshakes) {
    print(json ? JSON.stringify(handshake) : rowOf(handshake, Date.now()));
    counts.set(handshake.state, (counts.get(handshake.state) ?? 0) + 1);
    count++;
    if (count === limit) break;
  }
  if (!json) print(summary(count, counts, count === limit));
  return counts.size === 0 || (counts.size === 1 && counts.has("healthy")) ? 0 : 1;
}

function summary(count: number, counts: ReadonlyMap<string, number>, isCut: boolean): string {
  const states = [...counts].sort(([, a], [, b]) => b - a).map(([state, n]) => `${n} ${state}`);
  const all = isCut ? `the first ${count}` : `${count} open`;
  return [all, states.join(", ")].filter(Boolean).join(": ");
}
