// A plugin for `buf lint` and `buf breaking`, which speak PluginRPC, protocol 1, with it over stdin and
// stdout (pluginrpc.com). Buf starts it nine times a command: every start loads only what its answer
// needs, and dist/buf-plugin-stigmer.js has those answers that never change.

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { textOf } from "../text-of.js";
import type { Format } from "./answer.js";

const service = "/buf.plugin.check.v1.CheckService/";
const procedures = ["Check", "ListRules", "ListCategories"];

const help = `A plugin for buf: rules for callback tokens, secrets and resources. Name it in buf.yaml,
version v2, and use its category:

  modules:
    - path: proto
  plugins:
    - plugin: buf-plugin-stigmer
  lint:
    use: [STANDARD, STIGMER]
  breaking:
    use: [FILE, STIGMER]

"buf config ls-lint-rules" and "buf config ls-breaking-rules" list the rules.

Options:
  --help      print this
  --version   print the version of the package
  --protocol, --spec, --format FORMAT   are for buf
`;

async function respond(args: string[]): Promise<Uint8Array | string> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      help: { type: "boolean", default: false },
      version: { type: "boolean", default: false },
      protocol: { type: "boolean", default: false },
      spec: { type: "boolean", default: false },
      format: { type: "string", default: "binary" },
    },
  });
  if (values.help) return help;
  if (values.version) return `${packageVersion()}\n`;
  if (values.protocol) return "1\n";
  const format = formatNamed(values.format);
  if (values.spec) {
    const { encode } = await import("./encode.js");
    const spec = { procedures: procedures.map((name) => ({ path: `${service}${name}` })) };
    return format === "json" ? JSON.stringify(spec) : encode("pluginrpc.v1.Spec", spec);
  }
  const path = positionals.join(" ");
  const procedure = procedures.find((name) => path === `${service}${name}`);
  if (procedure === undefined) {
    throw new Error(
      `expected --protocol, --spec or one of ${procedures.map((name) => `${service}${name}`).join(", ")}; got ${path === "" ? "nothing" : JSON.stringify(path)}. buf starts this program and speaks PluginRPC protocol 1 with it.`,
    );
  }
  const { call } = await import("./procedures.js");
  return call(procedure, readStdin, format);
}

function packageVersion(): string {
  const manifest = new URL("../../../package.json", import.meta.url);
  return JSON.parse(readFileSync(manifest, "utf8")).version;
}

function formatNamed(name: string): Format {
  if (name === "binary" || name === "json") return name;
  throw new Error(`expected --format binary or json, got ${JSON.stringify(name)}`);
}

async function readStdin(): Promise<Uint8Array> {
  if (process.stdin.isTTY) throw new Error("expected a request on stdin, got a terminal");
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function fail(error: unknown): void {
  // On one line, whatever the input has put into it.
  console.error(`buf-plugin-stigmer: ${textOf(error).replace(/[\p{Cc}\s]+/gu, " ")}`);
  process.exitCode = 1;
}

process.stdout.on("error", fail);
respond(process.argv.slice(2)).then((response) => process.stdout.write(response), fail);
