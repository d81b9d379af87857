import { buf } from "../buf.js";

/** The module that carries the descriptors of apis/ with their rules, which the stubs have not. */
export function renderDescriptorSet() {
  const { status, stdout, stderr } = buf(
    ...["build", "--path", "apis/ai", "--exclude-imports", "--exclude-source-info"],
    ...["--as-file-descriptor-set", "--output", "-"],
  );
  if (status !== 0) throw new Error(`buf build failed:\n${stderr}`);
  return `// Written by \`npm run derive\` from apis/.

/**
 * The files of the contract with their rules, each after those that it imports: a
 * google.protobuf.FileDescriptorSet in Base64.
 */
export const descriptorSet: string =
  "${stdout.toString("base64")}";
`;
}
