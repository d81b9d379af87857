/** One for each proto package: its stubs and services, nothing of our own. */
export const protoPackages = [
  "agentexecution",
  "apiresource",
  "executioncontext",
  "workflowexecution",
  "workflowrunner",
];

export const factsOfExecution = ["src/execution/kinds.ts", "src/execution/token-migration.ts"];

export const protobuf = "@bufbuild/protobuf";
const contract = [protobuf, "gen", "proto package", "facts", "execution"];
const core = [...contract, "token"];

/** What each part of the package may import, beside itself: other parts, and npm packages. */
export const allowed: Readonly<Record<string, readonly string[]>> = {
  gen: [protobuf],
  "proto package": ["gen"],
  // Modules that import nothing: those at the root of src/, and these of execution/.
  facts: [],
  // What tells the two kinds of execution apart.
  execution: [protobuf, "proto package", "facts"],
  token: [...contract, "@noble/hashes"],
  rpc: [protobuf],
  index: ["facts", "execution", "token", "rpc"],
  validation: [...contract, "@bufbuild/protovalidate"],
  redaction: core,
  handshake: [...core, "redaction"],
  connect: [...core, "redaction", "handshake", "@connectrpc/connect"],
  temporal: [...core, "redaction", "handshake", "@temporalio", "@noble/hashes"],
  command: [
    ...["proto package", "temporal"],
    ...["@connectrpc/connect", "@connectrpc/connect-node", "@temporalio", "node:util"],
  ],
  testing: [...core, "redaction", "handshake", "rpc", "validation", "@connectrpc/connect"],
  wire: ["facts"],
  "buf-plugin": [protobuf, "node:fs", "node:util", "facts"],
};

/** What other folders import of a folder beside its index, which lists what is public. */
export const shared: Readonly<Record<string, readonly string[]>> = {
  "src/handshake": [
    "age-of",
    "arm-execution",
    "count",
    "count-handshake",
    "count-report",
    "create-or-find",
    "error-result",
    "failure-text",
    "instruments",
    "read-token",
    "record",
    "send-report",
    "start-or-arm",
    "status-code",
  ],
  "src/redaction": ["field-value", "restore-secrets", "without-secrets"],
  "src/temporal/log": ["handshake-fields", "logger-without-tokens", "without-bytes"],
  "src/validation": ["summarize-violations", "validate-message"],
};

/** Folders without a public part of their own: all of it is for others. */
export const sharedFolders = [
  ...["src", "src/execution", "src/rpc"],
  ...["src/temporal", "src/temporal/payload"],
];
