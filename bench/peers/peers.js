import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import { AgentExecutionSchema } from "@stigmer/apis/agentexecution/v1";
import { WorkflowExecutionSchema } from "@stigmer/apis/workflowexecution/v1";
import protobufjs from "protobufjs";
import { root } from "../../scripts/buf.js";
import { generateStubs, loadStubs } from "./generate.js";

/** @import { Kind } from "./generate.js" */

/**
 * What a user without `@stigmer/apis/wire` does: decodes the whole execution and reads its token.
 *
 * @callback ReadToken
 * @param {Uint8Array} bytes
 * @returns {Uint8Array | undefined}
 */

const schemas = {
  AgentExecution: AgentExecutionSchema,
  WorkflowExecution: WorkflowExecutionSchema,
};

/**
 * The peers by name, for each kind of execution.
 *
 * @returns {Promise<Record<Kind, Record<string, ReadToken>>>}
 */
export async function loadPeers() {
  generateStubs();
  return {
    AgentExecution: await loadKind("AgentExecution"),
    WorkflowExecution: await loadKind("WorkflowExecution"),
  };
}

/**
 * @param {Kind} kind
 * @returns {Promise<Record<string, ReadToken>>}
 */
async function loadKind(kind) {
  const protobufTs = await loadStubs("protobuf-ts", kind);
  const tsProto = await loadStubs("ts-proto", kind);
  const type = reflect(kind);
  const schema = schemas[kind];
  return {
    "protobuf-es": (bytes) => fromBinary(schema, bytes).spec?.callbackToken,
    "protobuf-ts": (bytes) => protobufTs.fromBinary(bytes).spec?.callbackToken,
    // Given a Buffer, which is what Node's sockets and files give, it takes a faster reader.
    protobufjs: ({ buffer, byteOffset, length }) =>
      type.decode(Buffer.from(buffer, byteOffset, length)).spec?.callbackToken,
    "ts-proto": (bytes) => tsProto.decode(bytes).spec?.callbackToken,
  };
}

/**
 * protobufjs generates decoders at run time. The static ones of its CLI were tried: they take as
 * long or longer, and the CLI brings 50 packages.
 *
 * @param {Kind} kind
 * @returns {{ decode(bytes: Uint8Array): any }}
 */
function reflect(kind) {
  const types = new protobufjs.Root();
  // Without the options of the rules, which it does not need, and which extend what it does not know.
  types.resolvePath = (_, target) =>
    target.startsWith("buf/validate/") ? null : join(root, "apis", target);
  const name = `ai.stigmer.agentic.${kind.toLowerCase()}.v1`;
  types.loadSync(`${name.replaceAll(".", "/")}/api.proto`);
  return types.lookupType(`${name}.${kind}`);
}

/**
 * The versions that were measured.
 *
 * @returns {Record<string, string>}
 */
export function peerVersions() {
  const packages = {
    "protobuf-es": "@bufbuild/protobuf",
    "protobuf-ts": "@protobuf-ts/runtime",
    protobufjs: "protobufjs",
    "ts-proto": "ts-proto",
  };
  return Object.fromEntries(
    Object.entries(packages).map(([peer, name]) => {
      const manifest = join(root, "node_modules", name, "package.json");
      return [peer, JSON.parse(readFileSync(manifest, "utf8")).version];
    }),
  );
}
