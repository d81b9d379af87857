import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { buf } from "../../../buf.js";

/**
 * @import { DescEnum, DescFile, DescMessage, DescService } from "@bufbuild/protobuf"
 *
 * @typedef {object} ProtoPackage
 * @property {string} name `ai.stigmer.agentic.workflowexecution.v1`
 * @property {string} entryPoint The entry point that exports its stubs: `workflowexecution/v1`.
 * @property {string} page Its page of the reference.
 * @property {DescFile[]} files
 * @property {DescService[]} services
 * @property {DescMessage[]} messages In reading order: each before the messages that it has fields of.
 * @property {DescEnum[]} enums
 */

/**
 * The proto packages of the contract, with the comments of apis/.
 *
 * @returns {ProtoPackage[]}
 */
export function readContract() {
  const { status, stdout, stderr } = buf("build", "--output", "-");
  if (status !== 0) throw new Error(`buf build failed:\n${stderr}`);
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, stdout));
  const files = [...registry.files]
    .filter(({ proto }) => proto.package.startsWith("ai.stigmer."))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const names = [...new Set(files.map(({ proto }) => proto.package))];
  return names.map((name) => {
    const own = files.filter(({ proto }) => proto.package === name);
    const entryPoint = name.split(".").slice(3).join("/");
    return {
      name,
      entryPoint,
      page: `contract/${entryPoint}.md`,
      files: own,
      services: own.flatMap(({ services }) => services),
      messages: inReadingOrder(own.flatMap(({ messages }) => messages)),
      enums: own.flatMap(({ enums }) => enums),
    };
  });
}

/** @param {readonly DescMessage[]} messages */
function inReadingOrder(messages) {
  /** @type {Set<DescMessage>} */
  const ordered = new Set();
  const add = (/** @type {DescMessage} */ message) => {
    if (!messages.includes(message) || ordered.has(message)) return;
    ordered.add(message);
    for (const { message: inner } of message.fields) if (inner) add(inner);
  };
  for (const message of messages) add(message);
  return [...ordered];
}
