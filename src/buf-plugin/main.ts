#!/usr/bin/env node
// A plugin for `buf lint` and `buf breaking`. Buf starts it several times a command and speaks
// PluginRPC, protocol 1, over stdin and stdout (pluginrpc.com). Only Check loads protobuf.

import { parseArgs } from "node:util";
import { answer, type Format } from "./answer.js";
import { encode } from "./encode.js";
import { listCategories, listRules } from "./list-rules.js";
import { rules } from "./rules/index.js";

const service = "/buf.plugin.check.v1.CheckService";
const procedures = ["Check", "ListRules", "ListCategories"].map((name) => `${service}/${name}`);

async function respond(args: string[]): Promise<Uint8Array | string> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      protocol: { type: "boolean", default: false },
      spec: { type: "boolean", default: false },
      format: { type: "string", default: "binary" },
    },
  });
  const format = formatNamed(values.format);
  if (values.protocol) return "1\n";
  if (values.spec) {
    const spec = { procedures: procedures.map((path) => ({ path })) };
    return format === "json" ? JSON.stringify(spec) : encode("pluginrpc.v1.Spec", spec);
  }
  switch (positionals.join(" ")) {
    case `${service}/ListRules`:
      return answer("buf.plugin.check.v1.ListRulesResponse", listRules(rules), format);
    case `${service}/ListCategories`:
      return answer("buf.plugin.check.v1.ListCategoriesResponse", listCategories(), format);
    case `${service}/Check`: {
      const { check } = await import("./check.js");
      const response = check(await readStdin(), format, rules);
      return answer("buf.plugin.check.v1.CheckResponse", response, format);
    }
    default:
      throw new Error(
        `expected --protocol, --spec or one of ${procedures.join(", ")}; got ${
          positionals.length === 0 ? "nothing" : JSON.stringify(positionals.join(" "))
        }. This program is started by buf, which needs PluginRPC protocol 1.`,
      );
  }
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

try {
  process.stdout.write(await respond(process.argv.slice(2)));
} catch (error) {
  console.error(`buf-plugin-stigmer: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
