import {
  type Apis,
  added,
  appended,
  type Block,
  blocksOf,
  codeOf,
  dropped,
  type Edit,
  type EnumValue,
  edits,
  type Field,
  fieldsOf,
  imported,
  type Rpc,
  readApis,
  renamedBlock,
  replaced,
  rewritten,
  rpcsOf,
  type Statement,
  valuesOf,
  withoutBlock,
  withoutRules,
} from "./mutations-apis.js";
import { ruleMutations } from "./mutations-rules.js";

/** The rule ids of the findings, one for each finding. */
export interface Expected {
  readonly breaking?: readonly string[];
  readonly lint?: readonly string[];
}

/** One change of the contract, and what the gate must say about it. */
export interface Mutation {
  readonly kind: string;
  readonly element: string;
  /** What the element is, where a row of the table counts many. */
  readonly noun: string;
  readonly edit: Edit;
  /** What is edited: the contract without its rules, unless it is said here. */
  readonly base?: Apis;
  /** Nothing expected: the change is compatible. */
  readonly expected: Expected;
  /** Set when nothing but this block changes and every finding stands in it. */
  readonly block?: Block;
  /** True: checked alone and under the real names, against the baseline. */
  readonly alone?: true;
}

export const apis: Apis = withoutRules(readApis());
export const blocks: readonly Block[] = blocksOf(apis);
const executionFiles =
  /\/(?:agentexecution|workflowexecution)\/v1\/(?:api|spec)\.|executioncontext/;
export const fields: readonly Field[] = blocks
  .filter(({ file, keyword }) => keyword === "message" && executionFiles.test(file))
  .flatMap((block) => fieldsOf(apis, block));
const values = blocks.filter(is("enum")).flatMap((block) => valuesOf(apis, block));
const rpcs = blocks.filter(is("service")).flatMap((block) => rpcsOf(apis, block));

function is(keyword: Block["keyword"]) {
  return (block: Block) => block.keyword === keyword;
}

export function block(name: string, folder = ""): Block {
  const found = blocks.find((it) => it.name === name && it.file.includes(folder));
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

export function field(message: string, name: string): Field {
  const found = fieldsOf(apis, block(message)).find((it) => it.name === name);
  if (found === undefined) throw new Error(`no ${message}.${name}`);
  return found;
}

const isToken = ({ name }: Field) => name === "callback_token";
const isMap = ({ type }: Field) => type.startsWith("map<");
const isResource = ({ name }: Block) => /^(?:Agent|Workflow)Execution$/.test(name);
const isScalar = ({ type }: Field) => /^(?:string|bytes|bool)$/.test(type);
const isMessage = ({ type }: Field) =>
  type.startsWith("google.") ||
  blocks.some(({ keyword, name }) => keyword === "message" && name === type.split(".").at(-1));
const isHalf = ({ block, name }: Field) => isResource(block) && /^(?:spec|status)$/.test(name);
/** The rule id, when the condition holds. */
const when = (condition: boolean, ...ids: readonly string[]) => (condition ? ids : []);

const declare = (it: Field, change: Partial<Field>) => {
  const { label, type, name, number, options } = { ...it, ...change };
  return `${label}${type} ${name} = ${number}${options};`;
};
const withOption = (it: Field, option: string) =>
  it.options === "" ? ` [${option}]` : it.options.replace("]", `, ${option}]`);

interface Kind<T> {
  readonly kind: string;
  readonly edit: (it: T) => Edit;
  readonly expected: (it: T) => Expected;
  readonly only?: (it: T) => boolean;
}

const compatible = () => ({});
// A map is a list of a generated message, which is named after the field.
const entry = (it: Field) => when(isMap(it), "MESSAGE_NO_DELETE");
const kept = (it: Field) => when(isHalf(it), "STIGMER_RESOURCE_KEPT");
const lost = (it: Field) => when(isToken(it), "STIGMER_CALLBACK_TOKEN_NOT_MOVED");

const fieldKinds: readonly Kind<Field>[] = [
  {
    kind: "delete a field",
    edit: dropped,
    expected: (it) => ({ breaking: ["FIELD_NO_DELETE", ...entry(it), ...kept(it), ...lost(it)] }),
  },
  {
    kind: "delete a field, reserve its number and name",
    edit: (it) =>
      edits(
        dropped(it),
        added(it.block, `reserved "${it.name}";`),
        added(it.block, `reserved ${it.number};`),
      ),
    expected: (it) => ({ breaking: ["FIELD_NO_DELETE", ...entry(it), ...kept(it), ...lost(it)] }),
  },
  {
    kind: "renumber a field",
    edit: (it) => rewritten(it, declare(it, { number: it.number + 200 })),
    expected: (it) => ({
      breaking: ["FIELD_NO_DELETE", ...lost(it)],
      lint: when(isResource(it.block), "STIGMER_RESOURCE_FIELD_NUMBERS"),
    }),
  },
  {
    kind: "change a field's type",
    edit: (it) => {
      const type = isMap(it)
        ? it.type.replace(/, .+>/, ", bytes>")
        : it.type === "string"
          ? "bytes"
          : "string";
      return rewritten(it, declare(it, { type }));
    },
    expected: (it) => ({
      breaking: [
        "FIELD_SAME_TYPE",
        // A string has no presence of its own.
        ...when(isMessage(it) && it.label === "", "FIELD_SAME_CARDINALITY"),
      ],
      lint: when(isToken(it), "STIGMER_CALLBACK_TOKEN_TYPE"),
    }),
  },
  {
    kind: "rename a field",
    edit: (it) => rewritten(it, declare(it, { name: `${it.name}_renamed` })),
    expected: (it) => ({
      breaking: [
        "FIELD_SAME_JSON_NAME",
        "FIELD_SAME_NAME",
        ...when(isMap(it), "FIELD_SAME_TYPE"),
        ...entry(it),
        ...kept(it),
      ],
    }),
  },
  {
    kind: "make a field repeated, a repeated one singular",
    only: (it) => !isMap(it),
    edit: (it) => rewritten(it, declare(it, { label: it.label === "" ? "repeated " : "" })),
    expected: (it) => ({
      breaking: ["FIELD_SAME_CARDINALITY"],
      lint: when(isToken(it), "STIGMER_CALLBACK_TOKEN_TYPE"),
    }),
  },
  {
    kind: "make a map a list of its values",
    only: isMap,
    edit: (it) => rewritten(it, declare(it, { label: "repeated ", type: it.type.slice(12, -1) })),
    expected: (it) => ({
      breaking: ["FIELD_SAME_CARDINALITY", "FIELD_SAME_TYPE", ...entry(it)],
    }),
  },
  {
    kind: "give a scalar field explicit presence (optional)",
    only: (it) => isScalar(it) && it.label === "",
    edit: (it) => rewritten(it, declare(it, { label: "optional " })),
    expected: () => ({ breaking: ["FIELD_SAME_CARDINALITY"] }),
  },
  {
    kind: "put a field into a oneof",
    only: (it) => it.block.name === "WorkflowExecutionSpec" && !isMap(it),
    edit: (it) =>
      edits(
        dropped(it),
        added(it.block, `oneof choice {\n    // Added by a mutation.\n    ${it.line}\n  }`),
      ),
    expected: (it) => ({
      breaking: ["FIELD_SAME_ONEOF", ...when(isScalar(it), "FIELD_SAME_CARDINALITY")],
    }),
  },
  {
    kind: "give a field another JSON name",
    only: (it) => it.block.name === "WorkflowExecutionSpec",
    edit: (it) => rewritten(it, declare(it, { options: withOption(it, 'json_name = "other"') })),
    expected: () => ({ breaking: ["FIELD_SAME_JSON_NAME"] }),
  },
  {
    kind: "drop debug_redact from a field",
    only: (it) => it.options.includes("debug_redact"),
    edit: (it) => rewritten(it, declare(it, { options: "" })),
    expected: (it) => ({
      breaking: ["STIGMER_REDACTION_KEPT"],
      lint: [isToken(it) ? "STIGMER_CALLBACK_TOKEN_REDACTED" : "STIGMER_SECRET_VALUE_REDACTED"],
    }),
  },
  {
    kind: "drop debug_redact from a field and rename it",
    only: (it) => it.options.includes("debug_redact"),
    edit: (it) => rewritten(it, declare(it, { options: "", name: "plain" })),
    expected: (it) => ({
      breaking: ["FIELD_SAME_JSON_NAME", "FIELD_SAME_NAME", "STIGMER_REDACTION_KEPT"],
      lint: when(!isToken(it), "STIGMER_SECRET_VALUE_REDACTED"),
    }),
  },
  {
    kind: "add debug_redact to a field",
    only: (it) => it.options === "",
    edit: (it) => rewritten(it, declare(it, { options: " [debug_redact = true]" })),
    expected: compatible,
  },
  {
    kind: "mark a field deprecated",
    edit: (it) => rewritten(it, declare(it, { options: withOption(it, "deprecated = true") })),
    expected: compatible,
  },
  {
    kind: "move a field to the start of its message",
    edit: (it) => edits(dropped(it), added(it.block, it.line, "first")),
    expected: compatible,
  },
  {
    kind: "change a field's comment",
    edit: (it) => rewritten(it, `// One more line.\n  ${it.line}`),
    expected: compatible,
  },
];

const valueKinds: readonly Kind<EnumValue>[] = [
  {
    kind: "delete an enum value",
    only: ({ number }) => number > 0,
    edit: dropped,
    expected: () => ({ breaking: ["ENUM_VALUE_NO_DELETE"] }),
  },
  {
    kind: "delete an enum value, reserve its number and name",
    only: ({ number }) => number > 0,
    edit: (it) =>
      edits(
        dropped(it),
        added(it.block, `reserved "${it.name}";`),
        added(it.block, `reserved ${it.number};`),
      ),
    expected: () => ({ breaking: ["ENUM_VALUE_NO_DELETE"] }),
  },
  {
    kind: "rename an enum value",
    edit: (it) => rewritten(it, it.line.replace(/^/, /^[a-z]/.test(it.name) ? "new_" : "NEW_")),
    expected: () => ({ breaking: ["ENUM_VALUE_SAME_NAME"] }),
  },
  {
    kind: "renumber an enum value",
    only: ({ number }) => number > 0,
    edit: (it) => rewritten(it, `${it.name} = ${it.number + 200};`),
    expected: () => ({ breaking: ["ENUM_VALUE_NO_DELETE"] }),
  },
  {
    kind: "mark an enum value deprecated",
    edit: (it) => rewritten(it, it.line.replace(";", " [deprecated = true];")),
    expected: compatible,
  },
];

const rpcKinds: readonly Kind<Rpc>[] = [
  {
    kind: "delete an rpc",
    edit: dropped,
    expected: () => ({ breaking: ["RPC_NO_DELETE"] }),
  },
  {
    kind: "rename an rpc",
    edit: (it) => rewritten(it, it.line.replace("(", "Anew(")),
    expected: () => ({ breaking: ["RPC_NO_DELETE"] }),
  },
  {
    kind: "change an rpc's request type",
    only: (it) => it.request !== otherOf(it),
    edit: (it) => rewritten(it, it.line.replace(`(${it.request})`, `(${otherOf(it)})`)),
    expected: () => ({ breaking: ["RPC_SAME_REQUEST_TYPE"] }),
  },
  {
    kind: "change an rpc's response type",
    only: (it) => it.response !== otherOf(it),
    edit: (it) => rewritten(it, it.line.replace(/\w*[\w.]+\);$/, `${otherOf(it)});`)),
    expected: () => ({ breaking: ["RPC_SAME_RESPONSE_TYPE"] }),
  },
  {
    kind: "make an rpc's request a stream",
    edit: (it) => rewritten(it, it.line.replace("(", "(stream ")),
    expected: () => ({ breaking: ["RPC_SAME_CLIENT_STREAMING"] }),
  },
  {
    kind: "make an rpc's response a stream, a stream a single one",
    edit: (it) =>
      rewritten(
        it,
        it.isStream
          ? it.line.replace("(stream ", "(")
          : it.line.replace("returns (", "returns (stream "),
      ),
    expected: () => ({ breaking: ["RPC_SAME_SERVER_STREAMING"] }),
  },
  {
    kind: "change an rpc's idempotency level",
    edit: (it) =>
      rewritten(
        it,
        it.line.replace(/;$/, " {\n    option idempotency_level = NO_SIDE_EFFECTS;\n  }"),
      ),
    expected: () => ({ breaking: ["RPC_SAME_IDEMPOTENCY_LEVEL"] }),
  },
  {
    kind: "change an rpc's comment",
    edit: (it) => rewritten(it, `// One more line.\n  ${it.line}`),
    expected: compatible,
  },
];

/** A type of the same package that is in reach of every rpc's file. */
function otherOf({ block: { file } }: Rpc): string {
  if (file.includes("workflowrunner")) return "WorkflowExecuteInput";
  const resource = file.includes("agentexecution") ? "AgentExecution" : "WorkflowExecution";
  return `${resource}Status`;
}

function ofKinds<T extends Statement>(
  noun: string,
  all: readonly T[],
  kinds: readonly Kind<T>[],
): Mutation[] {
  return kinds.flatMap(({ kind, edit, expected, only = () => true }) =>
    all.filter(only).map((it) => ({
      kind,
      element: `${it.block.name}.${it.name}`,
      noun,
      edit: edit(it),
      expected: expected(it),
      block: it.block,
    })),
  );
}

/** How often a name stands as the type of a field, of a request and of a response. */
function usesOf({ name, file }: Block): readonly string[] {
  const folder = file.slice(0, file.lastIndexOf("/"));
  const code = Object.entries(apis).map(([path, text]) => {
    const prefix = path.startsWith(`${folder}/`) ? "" : `${folder.replaceAll("/", ".")}.`;
    const ids = (pattern: string, id: string) =>
      [...codeOf(text).matchAll(new RegExp(pattern.replace("NAME", prefix + name), "gm"))].map(
        () => id,
      );
    return [
      ...ids("^  (?:repeated |map<\\w+, )?NAME>? ", "FIELD_SAME_TYPE"),
      ...ids("^  rpc \\w+\\(NAME\\)", "RPC_SAME_REQUEST_TYPE"),
      ...ids("returns \\((?:stream )?NAME\\)", "RPC_SAME_RESPONSE_TYPE"),
    ];
  });
  return code.flat();
}

const ofBlocks: Mutation[] = blocks.flatMap((it): Mutation[] => {
  const { keyword, name, file } = it;
  const gone = `${keyword.toUpperCase()}_NO_DELETE`;
  const base = { element: name, noun: keyword };
  const article = keyword === "enum" ? "an" : "a";
  const uses = usesOf(it);
  const its = keyword === "message" ? fieldsOf(apis, it) : [];
  const maps = its.filter(isMap).map(() => "MESSAGE_NO_DELETE");
  return [
    {
      ...base,
      kind: `rename ${article} ${keyword}`,
      edit: renamedBlock(it, `New${name}`),
      expected: { breaking: [gone, ...uses, ...maps] },
    },
    ...(uses.length === 0
      ? [
          {
            ...base,
            kind: `delete ${article} ${keyword}`,
            edit: withoutBlock(it),
            expected: { breaking: [gone, ...maps] },
          },
        ]
      : []),
    {
      ...base,
      kind: `move ${article} ${keyword} to the end of its file`,
      edit: (from) => {
        const body = new RegExp(`\\n((?://.*\\n)*${keyword} ${name} \\{\\n[\\s\\S]*?^\\}\\n)`, "m");
        const [, text = ""] = body.exec(from[file] ?? "") ?? [];
        return edits(replaced(file, `\n${text}`, ""), (all) => ({
          ...all,
          [file]: `${all[file]}\n${text}`,
        }))(from);
      },
      expected: {},
    },
  ];
});

const inBlocks: Mutation[] = blocks.flatMap((it): Mutation[] => {
  const { keyword, name, file } = it;
  const local = (kind: string, edit: Edit): Mutation => ({
    kind,
    element: name,
    noun: keyword,
    edit,
    expected: {},
    block: it,
  });
  if (keyword === "service") {
    return [local("add an rpc", added(it, rpcOf(apis, it)))];
  }
  if (keyword === "enum") {
    return [
      local("add an enum value", added(it, `ADDED_${name.toUpperCase()} = 90;`)),
      local("reserve an unused enum number", added(it, "reserved 91 to 95;", "first")),
    ];
  }
  const redact = " [debug_redact = true]";
  return [
    local("add a field", added(it, "string added = 90;")),
    local("add an optional field", added(it, "optional bool added = 90;")),
    local("add a field with debug_redact", added(it, `bytes added = 90${redact};`, "first")),
    local("reserve an unused number", added(it, "reserved 91 to 95;", "first")),
    local("reserve an unused name", added(it, 'reserved "never_used";', "first")),
    ...(file.includes("spec.") || /Status$/.test(name)
      ? [
          local(
            "add a nested message",
            added(it, "message Added {\n    // Added by a mutation.\n    string value = 1;\n  }"),
          ),
        ]
      : []),
  ];
});

function rpcOf(of: Apis, service: Block): string {
  const [first] = rpcsOf(of, service);
  return `rpc addedByMutation(${first?.request}) returns (${first?.response});`;
}

const workflow = "ai/stigmer/agentic/workflowexecution/v1";
const agent = "ai/stigmer/agentic/agentexecution/v1";
const context = "ai/stigmer/agentic/executioncontext/v1/spec.proto";
const runner = "ai/stigmer/agentic/workflowrunner/v1";
const resource = "ai/stigmer/commons/apiresource";

const ofFiles: Mutation[] = Object.keys(apis).flatMap((file): Mutation[] => {
  const element = file.replace("ai/stigmer/", "");
  const ofFile = (kind: string, edit: Edit): Mutation => ({
    kind,
    element,
    noun: "file",
    edit,
    expected: {},
  });
  return [
    ofFile(
      "add a message",
      appended(
        file,
        `message Added${(file.split("/").at(-1) ?? "").replace(".proto", "").toUpperCase()} {\n  // Says something.\n  string value = 1;\n}`,
      ),
    ),
    ofFile("change a file's comment", (all) => ({
      ...all,
      [file]: `// One more line.\n${all[file]}`,
    })),
  ];
});

type ByHand = readonly [
  kind: string,
  element: string,
  edit: Edit,
  expected: Expected,
  alone?: "alone",
];

const spec = block("WorkflowExecutionSpec");
const status = block("WorkflowExecutionStatus");
const agentStatus = block("AgentExecutionStatus");
const version = block("ApiResourceMetadataVersion");
const token = field("WorkflowExecutionSpec", "callback_token");
const agentToken = field("AgentExecutionSpec", "callback_token");
const unreservedName = (file: string) =>
  replaced(file, /( *\/\/.*\n)* {2}reserved "callback_token";\n/, "");
const unreservedNumber = (file: string) => replaced(file, /( *\/\/.*\n)* {2}reserved 1[01];\n/, "");
const unreserved = (file: string) => edits(unreservedName(file), unreservedNumber(file));
/** The token is gone from the spec, and its place there properly reserved. */
const retired = edits(
  dropped(token),
  added(spec, 'reserved "callback_token";'),
  added(spec, "reserved 7;"),
);
const redacted = (number: number) => `bytes callback_token = ${number} [debug_redact = true];`;
const moved = "STIGMER_CALLBACK_TOKEN_NOT_MOVED";
const outside = "STIGMER_CALLBACK_TOKEN_IN_SPEC";
const distinct = "STIGMER_NAMES_DISTINCT";
const secretName = "STIGMER_SECRET_NAME_REDACTED";
const freed = "RESERVED_MESSAGE_NO_DELETE";
const reused = "STIGMER_FORMER_TOKEN_NOT_REUSED";
const value = block("ExecutionValue");
/** What buf says when a message has another name. */
const renamed = (it: Block) => [
  "MESSAGE_NO_DELETE",
  ...usesOf(it),
  ...fieldsOf(apis, it)
    .filter(isMap)
    .map(() => "MESSAGE_NO_DELETE"),
];

const secondVersion = `// Added.
syntax = "proto3";

package ${workflow.replaceAll("/", ".").replace("v1", "v2")};

import "${resource}/metadata.proto";

// Added.
message WorkflowExecution {
  // The version.
  string api_version = 1;
  // The kind.
  string kind = 2;
  // The name.
  ${resource.replaceAll("/", ".")}.ApiResourceMetadata metadata = 3;
  // What is asked for.
  WorkflowExecutionSpec spec = 4;
  // What was observed.
  WorkflowExecutionStatus status = 5;
}

// Added.
message WorkflowExecutionSpec {
  // The token.
  ${redacted(8)}
}

// Added.
message WorkflowExecutionStatus {
  // Says something.
  string note = 11;
}
`;

const byHand: readonly ByHand[] = [
  [
    "drop the reserved number of the former token",
    "WorkflowExecutionStatus 11",
    unreservedNumber(`${workflow}/api.proto`),
    { breaking: [freed], lint: ["STIGMER_FORMER_TOKEN_RESERVED"] },
    "alone",
  ],
  [
    "drop the reserved name of the former token",
    "AgentExecutionStatus",
    unreservedName(`${agent}/api.proto`),
    { breaking: [freed], lint: ["STIGMER_FORMER_TOKEN_RESERVED"] },
    "alone",
  ],
  [
    "move the token to the status, reserve its old place",
    "WorkflowExecutionStatus 90",
    edits(retired, unreservedName(`${workflow}/api.proto`), added(status, redacted(90))),
    { breaking: ["FIELD_NO_DELETE", freed, moved], lint: [outside] },
    "alone",
  ],
  [
    "move the token back to its former place, reserve its old one",
    "WorkflowExecutionStatus 11",
    edits(retired, unreserved(`${workflow}/api.proto`), added(status, redacted(11))),
    { breaking: ["FIELD_NO_DELETE", freed, freed, moved], lint: [outside] },
    "alone",
  ],
  [
    "move the token to the status without debug_redact",
    "WorkflowExecutionStatus 90",
    edits(
      retired,
      unreservedName(`${workflow}/api.proto`),
      added(status, "bytes callback_token = 90;"),
    ),
    {
      breaking: ["FIELD_NO_DELETE", freed, moved, "STIGMER_REDACTION_KEPT"],
      lint: [outside, "STIGMER_CALLBACK_TOKEN_REDACTED"],
    },
  ],
  [
    "move the token to another message",
    "ExecutionConfig",
    edits(dropped(agentToken), added(block("ExecutionConfig"), redacted(90))),
    { breaking: ["FIELD_NO_DELETE", moved], lint: [outside] },
  ],
  [
    "move the token to another package",
    "WorkflowExecuteInput",
    edits(retired, added(block("WorkflowExecuteInput"), redacted(90))),
    { breaking: ["FIELD_NO_DELETE", moved], lint: [outside] },
    "alone",
  ],
  [
    "move the token to a new message, reserve its old place",
    "CallbackSpec",
    edits(
      retired,
      appended(spec.file, `message CallbackSpec {\n  // The token.\n  ${redacted(1)}\n}`),
    ),
    { breaking: ["FIELD_NO_DELETE", moved] },
  ],
  [
    "add the token to a status beside the spec",
    "WorkflowExecutionStatus 90",
    edits(unreservedName(`${workflow}/api.proto`), added(status, redacted(90))),
    { breaking: [freed], lint: [outside] },
  ],
  [
    "add the former token again, drop its reservation",
    "WorkflowExecutionStatus 11",
    edits(unreserved(`${workflow}/api.proto`), added(status, redacted(11))),
    { breaking: [freed, freed], lint: [outside] },
    "alone",
  ],
  [
    "add the former token again, drop its reservation",
    "AgentExecutionStatus 10",
    edits(unreserved(`${agent}/api.proto`), added(agentStatus, redacted(10))),
    { breaking: [freed, freed], lint: [outside] },
    "alone",
  ],
  [
    "give the former token's number to another field",
    "WorkflowExecutionStatus 11",
    edits(unreservedNumber(`${workflow}/api.proto`), added(status, "string added = 11;")),
    { breaking: [freed], lint: ["STIGMER_FORMER_TOKEN_RESERVED"] },
    "alone",
  ],
  [
    "rename the status, drop its reservation",
    "WorkflowExecutionStatus",
    edits(unreserved(`${workflow}/api.proto`), renamedBlock(status, "WorkflowExecutionObserved")),
    { breaking: [...renamed(status), reused], lint: ["STIGMER_FORMER_TOKEN_RESERVED"] },
    "alone",
  ],
  [
    "rename the status, give the former token's number to another field",
    "WorkflowExecutionStatus 11",
    edits(
      unreserved(`${workflow}/api.proto`),
      added(status, "string note = 11;"),
      renamedBlock(status, "WorkflowExecutionObserved"),
    ),
    { breaking: [...renamed(status), reused], lint: ["STIGMER_FORMER_TOKEN_RESERVED"] },
    "alone",
  ],
  [
    "rename the status, give the former token's number to another field",
    "AgentExecutionStatus 10",
    edits(
      unreserved(`${agent}/api.proto`),
      added(agentStatus, "string note = 10;"),
      renamedBlock(agentStatus, "AgentExecutionObserved"),
    ),
    { breaking: [...renamed(agentStatus), reused], lint: ["STIGMER_FORMER_TOKEN_RESERVED"] },
    "alone",
  ],
  [
    "rename the spec and its token, drop debug_redact",
    "WorkflowExecutionSpec.callback_token",
    edits(
      rewritten(token, "bytes continuation = 7;"),
      renamedBlock(spec, "WorkflowExecutionWanted"),
    ),
    { breaking: [...renamed(spec), "STIGMER_REDACTION_KEPT"] },
  ],
  [
    "rename the spec, renumber its token",
    "WorkflowExecutionSpec.callback_token",
    edits(rewritten(token, redacted(90)), renamedBlock(spec, "NewWorkflowExecutionSpec")),
    { breaking: [...renamed(spec), moved] },
  ],
  [
    "rename the spec, delete its token",
    "WorkflowExecutionSpec.callback_token",
    edits(dropped(token), renamedBlock(spec, "NewWorkflowExecutionSpec")),
    { breaking: [...renamed(spec), moved] },
  ],
  [
    "rename a message and its fields, drop debug_redact",
    "ExecutionValue",
    edits(
      rewritten(field("ExecutionValue", "value"), "string plain = 1;"),
      rewritten(field("ExecutionValue", "is_secret"), "bool hidden = 2;"),
      renamedBlock(value, "EnvironmentEntry"),
    ),
    { breaking: [...renamed(value), "STIGMER_REDACTION_KEPT"] },
  ],
  [
    "give the token's number to another field",
    "WorkflowExecutionSpec 7",
    rewritten(token, "string note = 7;"),
    {
      breaking: [
        "FIELD_SAME_JSON_NAME",
        "FIELD_SAME_NAME",
        "FIELD_SAME_TYPE",
        "STIGMER_REDACTION_KEPT",
        moved,
      ],
    },
  ],
  [
    "add a version of a resource, its token renumbered, the former number used",
    "workflowexecution/v2",
    (all) => ({ ...all, [`${workflow.replace("v1", "v2")}/api.proto`]: secondVersion }),
    { breaking: [moved, reused], lint: ["STIGMER_FORMER_TOKEN_RESERVED"] },
    "alone",
  ],
  [
    "add a version of a resource, its token and its reservation in their places",
    "workflowexecution/v2",
    (all) => ({
      ...all,
      [`${workflow.replace("v1", "v2")}/api.proto`]: secondVersion
        .replace(redacted(8), redacted(7))
        .replace(
          "  // Says something.\n  string note = 11;",
          '  reserved 11;\n  reserved "callback_token";',
        ),
    }),
    {},
    "alone",
  ],
  [
    "set debug_redact to false",
    "WorkflowExecutionSpec.callback_token",
    rewritten(token, token.line.replace("true", "false")),
    { breaking: ["STIGMER_REDACTION_KEPT"], lint: ["STIGMER_CALLBACK_TOKEN_REDACTED"] },
  ],
  [
    "drop debug_redact from a token and renumber it",
    "AgentExecutionSpec.callback_token",
    rewritten(agentToken, "bytes callback_token = 90;"),
    {
      breaking: ["FIELD_NO_DELETE", moved, "STIGMER_REDACTION_KEPT"],
      lint: ["STIGMER_CALLBACK_TOKEN_REDACTED"],
    },
  ],
  [
    "add a token where nobody looks for it",
    "ListWorkflowExecutionsRequest",
    added(block("ListWorkflowExecutionsRequest"), redacted(90)),
    { lint: [outside] },
  ],
  ...["completion_token", "task_token", "api_key", "key_hash"].map(
    (name): ByHand => [
      "add a secret by another name, without debug_redact",
      `ListWorkflowExecutionsRequest ${name}`,
      added(block("ListWorkflowExecutionsRequest"), `bytes ${name} = 90;`),
      { lint: [secretName] },
    ],
  ),
  [
    "add a list of tokens, without debug_redact",
    "WorkflowExecutionSpec callback_tokens",
    added(spec, "repeated bytes callback_tokens = 90;"),
    { lint: [secretName] },
  ],
  [
    "add a token to a request, without debug_redact",
    "CancelExecutionRequest parent_callback_token",
    added(block("CancelExecutionRequest"), "bytes parent_callback_token = 90;"),
    { lint: [secretName] },
  ],
  [
    "add headers, without debug_redact",
    "WorkflowExecuteInput",
    added(block("WorkflowExecuteInput"), "map<string, string> headers = 90;"),
    { lint: [secretName] },
  ],
  [
    "add a secret by another name, with debug_redact",
    "WorkflowExecuteInput api_key",
    added(block("WorkflowExecuteInput"), "string api_key = 90 [debug_redact = true];"),
    {},
  ],
  [
    "add a cursor",
    "WorkflowExecutionList",
    edits(
      added(block("WorkflowExecutionList"), "string next_page_token = 90;"),
      added(block("WorkflowExecutionList"), "string cursor = 91;"),
    ),
    {},
  ],
  [
    "add a token to another spec",
    "ExecutionContextSpec",
    added(block("ExecutionContextSpec"), redacted(90)),
    {},
  ],
  [
    "add is_secret next to unredacted fields",
    "ApiResourceMetadataVersion",
    added(version, "bool is_secret = 90;"),
    { lint: fieldsOf(apis, version).map(() => "STIGMER_SECRET_VALUE_REDACTED") },
  ],
  [
    "add an unredacted value next to is_secret",
    "ExecutionValue",
    added(block("ExecutionValue"), "string added_value = 90;"),
    { lint: ["STIGMER_SECRET_VALUE_REDACTED"] },
  ],
  [
    "add a description next to is_secret",
    "ExecutionValue",
    added(block("ExecutionValue"), "string description = 90;"),
    {},
  ],
  [
    "embed a status in a spec",
    "AgentExecutionSpec",
    edits(
      imported(`${agent}/spec.proto`, `${workflow}/api.proto`),
      added(
        block("AgentExecutionSpec"),
        `${workflow.replaceAll("/", ".")}.WorkflowExecutionStatus added = 90;`,
      ),
    ),
    { lint: ["STIGMER_SPEC_STATUS_SEPARATE"] },
  ],
  [
    "embed a spec in a status",
    "WorkflowExecutionStatus",
    added(status, "WorkflowExecutionSpec added = 90;"),
    { lint: ["STIGMER_SPEC_STATUS_SEPARATE"] },
  ],
  [
    "add a message named ...Spec to a status",
    "WorkflowExecutionStatus",
    edits(
      appended(status.file, "message ToolSpec {\n  // The tool's.\n  string schema = 1;\n}"),
      added(status, "repeated ToolSpec added = 90;"),
    ),
    {},
  ],
  [
    "embed a spec in a message of a status",
    "WorkflowTask",
    added(block("WorkflowTask"), "map<string, WorkflowExecutionSpec> added = 90;"),
    { lint: ["STIGMER_SPEC_STATUS_SEPARATE"] },
  ],
  [
    "swap the numbers of a resource's spec and status",
    "WorkflowExecution",
    edits(
      rewritten(field("WorkflowExecution", "spec"), "WorkflowExecutionSpec spec = 5;"),
      rewritten(field("WorkflowExecution", "status"), "WorkflowExecutionStatus status = 4;"),
    ),
    {
      breaking: [
        "FIELD_SAME_JSON_NAME",
        "FIELD_SAME_JSON_NAME",
        "FIELD_SAME_NAME",
        "FIELD_SAME_NAME",
        "FIELD_SAME_TYPE",
        "FIELD_SAME_TYPE",
        // What reads the old bytes now does not hide the token, nor keep the place of the former one free.
        "STIGMER_REDACTION_KEPT",
        reused,
      ],
      lint: Array<string>(2).fill("STIGMER_RESOURCE_FIELD_NUMBERS"),
    },
  ],
  ...["tasks_count", "tasks_list"].map(
    (name): ByHand => [
      "add a field that renames accessors in Java",
      `WorkflowExecutionStatus.${name}`,
      added(status, `int32 ${name} = 90;`),
      { lint: ["STIGMER_JAVA_ACCESSORS_DISTINCT"] },
    ],
  ),
  [
    "add a name that differs by an underscore",
    "WorkflowExecutionStatus.temporal_workflowid",
    added(status, "string temporal_workflowid = 90;"),
    { lint: [distinct] },
  ],
  [
    "add a name that differs by an underscore",
    "ExecutionPhase.EXECUTION_INPROGRESS",
    added(block("ExecutionPhase"), "EXECUTION_INPROGRESS = 90;"),
    { lint: [distinct] },
  ],
  [
    "add a name that differs by case",
    "AgentExecutionCommandController.Create",
    added(
      block("AgentExecutionCommandController"),
      "rpc Create(AgentExecution) returns (AgentExecution);",
    ),
    { lint: [distinct] },
  ],
  [
    "add a name that differs by case",
    "workflowrunner/v1/io.proto WORKFLOWExecuteInput",
    appended(
      `${runner}/io.proto`,
      "message WORKFLOWExecuteInput {\n  // Says something.\n  string value = 1;\n}",
    ),
    { lint: [distinct] },
  ],
  [
    "add an enum with a value without its prefix",
    "workflowexecution/v1/enum.proto",
    appended(
      `${workflow}/enum.proto`,
      "enum Added {\n  // Not set.\n  ADDED_UNSPECIFIED = 0;\n  // Waits.\n  WAITING = 1;\n}",
    ),
    { lint: ["ENUM_VALUE_PREFIX"] },
  ],
  [
    "add a file",
    "added.proto",
    (all) => ({
      ...all,
      [`${workflow}/added.proto`]: `// Added.\nsyntax = "proto3";\n\npackage ${workflow.replaceAll("/", ".")};\n\n// Added.\nmessage Added {\n  // Says something.\n  string value = 1;\n}\n`,
    }),
    {},
  ],
  [
    "add a service",
    "workflowrunner/v1/interface.proto",
    appended(
      `${runner}/interface.proto`,
      "service AddedController {\n  // Runs.\n  rpc runAgain(WorkflowExecuteInput) returns (WorkflowExecuteResponse);\n}",
    ),
    {},
  ],
  [
    "add an enum",
    "apiresource/io.proto",
    appended(`${resource}/io.proto`, "enum Added {\n  // Not set.\n  ADDED_UNSPECIFIED = 0;\n}"),
    {},
  ],
  [
    "move a message to another file of its package",
    "WorkflowTask",
    edits(
      withoutBlock(block("WorkflowTask")),
      (all) => ({
        ...all,
        [`${workflow}/enum.proto`]: `${all[`${workflow}/enum.proto`]?.replace(/(^package .+\n)/m, '$1\nimport "google/protobuf/struct.proto";\n')}\n// A task.\nmessage WorkflowTask {\n${/message WorkflowTask \{\n([\s\S]*?)^\}/m.exec(apis[`${workflow}/api.proto`] ?? "")?.[1]}}\n`,
      }),
      imported(`${workflow}/io.proto`, `${workflow}/enum.proto`),
      (all) => ({
        ...all,
        [`${workflow}/io.proto`]: (all[`${workflow}/io.proto`] ?? "").replace(
          /(import ".+enum.proto";\n)([\s\S]*)\1/,
          "$1$2",
        ),
      }),
    ),
    { breaking: ["MESSAGE_NO_DELETE"] },
  ],
  [
    "delete a file",
    "workflowexecution/v1/query.proto",
    ({ [`${workflow}/query.proto`]: _, ...rest }) => rest,
    { breaking: ["FILE_NO_DELETE"] },
    "alone",
  ],
  [
    "change a file's package",
    "workflowrunner/v1 (2 files)",
    edits(
      ...["io", "interface"].map((name) =>
        replaced(
          `${runner}/${name}.proto`,
          /^(package .+)v1;/m,
          "package ai.stigmer.agentic.workflowrunner.v2;",
        ),
      ),
    ),
    {
      breaking: ["FILE_SAME_PACKAGE", "FILE_SAME_PACKAGE"],
      lint: ["PACKAGE_DIRECTORY_MATCH", "PACKAGE_DIRECTORY_MATCH"],
    },
    "alone",
  ],
  [
    "set a file's Go package",
    "executioncontext/v1/spec.proto",
    replaced(
      context,
      /^(package .+;\n)/m,
      `package ai.stigmer.agentic.executioncontext.v1;\n\noption go_package = "example.com/context";\n`,
    ),
    { breaking: ["FILE_SAME_GO_PACKAGE"] },
    "alone",
  ],
  [
    "write a file in an edition, with the same meaning",
    "executioncontext/v1/spec.proto",
    edits(
      replaced(context, 'syntax = "proto3";', 'edition = "2023";'),
      replaced(
        context,
        /^package .+;\n/m,
        "package ai.stigmer.agentic.executioncontext.v1;\n\noption features.field_presence = IMPLICIT;\n",
      ),
    ),
    { breaking: ["FILE_SAME_SYNTAX"] },
    "alone",
  ],
];

export const mutations: readonly Mutation[] = [
  ...ofKinds("field", fields, fieldKinds),
  ...ofKinds("value", values, valueKinds),
  ...ofKinds("rpc", rpcs, rpcKinds),
  ...ofBlocks,
  ...inBlocks,
  ...ofFiles,
  ...ruleMutations,
  ...byHand.map(([kind, element, edit, expected, alone]) => ({
    kind,
    element,
    noun: "element",
    edit,
    expected,
    ...(alone && { alone: true as const }),
  })),
];
