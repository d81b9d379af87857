import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FileDescriptorProto, FileDescriptorSet } from "@bufbuild/protobuf/wkt";
import { beforeAll, describe, expect, it } from "vitest";
import { buildContract } from "./contract/build-contract.js";
import { type ContractTable, compareContract } from "./contract/compare-contract.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const workflows = "ai.stigmer.agentic.workflowexecution.v1";
const agents = "ai.stigmer.agentic.agentexecution.v1";
const workflowToken = `${workflows}.WorkflowExecutionSpec.callback_token`;
const agentToken = `${agents}.AgentExecutionSpec.callback_token`;

let table: ContractTable;
let set: FileDescriptorSet;

beforeAll(async () => {
  table = JSON.parse(await readFile(new URL("contract.json", import.meta.url), "utf8"));
  set = await buildContract(join(root, "apis"));
});

describe("the proto files", () => {
  it("are exactly the contract", () => {
    expect(compareContract(set, table)).toEqual([]);
  });

  it("each begin with a comment that says what they hold", () => {
    const silent = set.file.filter((file) => commentsAt(file, [12]).trim() === "");
    expect(silent.map((file) => file.name)).toEqual([]);
  });

  it("mark the two tokens and ExecutionValue.value with debug_redact, and no other field", () => {
    const marked = fields(set).filter(({ field }) => field.options?.debugRedact);
    expect(marked.map(({ name }) => name).sort()).toEqual([
      agentToken,
      "ai.stigmer.agentic.executioncontext.v1.ExecutionValue.value",
      workflowToken,
    ]);
  });

  it.each([
    [workflowToken, agentToken],
    [agentToken, workflowToken],
  ])("point from %s to its twin", (token, twin) => {
    const comments = fields(set).find(({ name }) => name === token)?.comments;
    expect(comments?.replace(/\s+/g, " ")).toContain(twin);
  });
});

describe("the comparison", () => {
  it.each([
    [
      "the number of a field",
      "workflowexecution/v1/spec.proto",
      "callback_token = 7",
      "callback_token = 8",
      [`${workflowToken}: number 7 expected, 8 found`],
    ],
    [
      "the type of a field",
      "agentexecution/v1/spec.proto",
      "bytes callback_token",
      "string callback_token",
      [`${agentToken}: type bytes expected, string found`],
    ],
    [
      "the value type of a map",
      "agentexecution/v1/api.proto",
      "map<string, TodoItem>",
      "map<string, ToolCall>",
      [
        `${agents}.AgentExecutionStatus.todos: type map<string, ${agents}.TodoItem> expected, ` +
          `map<string, ${agents}.ToolCall> found`,
      ],
    ],
    [
      "the label of a field",
      "workflowexecution/v1/api.proto",
      "repeated WorkflowTask tasks",
      "WorkflowTask tasks",
      [
        `${workflows}.WorkflowExecutionStatus.tasks: type repeated ${workflows}.WorkflowTask ` +
          `expected, ${workflows}.WorkflowTask found`,
      ],
    ],
    [
      "the presence of a field",
      "agentexecution/v1/spec.proto",
      "string agent_id",
      "optional string agent_id",
      [`${agents}.AgentExecutionSpec.agent_id: type string expected, optional string found`],
    ],
    [
      "the name of a field",
      "agentexecution/v1/spec.proto",
      "string message = 3",
      "string prompt = 3",
      [
        `${agents}.AgentExecutionSpec.message: expected, not found`,
        `${agents}.AgentExecutionSpec.prompt: found, not expected`,
      ],
    ],
    [
      "a reserved number",
      "workflowexecution/v1/api.proto",
      "reserved 11;",
      "",
      [`${workflows}.WorkflowExecutionStatus: reserved numbers 11 expected, none found`],
    ],
    [
      "a reserved name",
      "agentexecution/v1/api.proto",
      'reserved "callback_token";',
      "",
      [`${agents}.AgentExecutionStatus: reserved names callback_token expected, none found`],
    ],
    [
      "the number of an enum value",
      "workflowexecution/v1/enum.proto",
      "EXECUTION_CANCELLED = 5",
      "EXECUTION_CANCELLED = 6",
      [`${workflows}.ExecutionPhase.EXECUTION_CANCELLED: number 5 expected, 6 found`],
    ],
    [
      "the streaming of an rpc",
      "agentexecution/v1/query.proto",
      "(stream AgentExecution)",
      "(AgentExecution)",
      [
        `${agents}.AgentExecutionQueryController.subscribe: response stream ` +
          `${agents}.AgentExecution expected, ${agents}.AgentExecution found`,
      ],
    ],
  ])("names %s when it changes", async (_, file, from, to, differences) => {
    const copy = await mkdtemp(join(tmpdir(), "apis-"));
    try {
      for (const part of ["apis", "third_party", "buf.yaml"]) {
        await cp(join(root, part), join(copy, part), { recursive: true });
      }
      const path = join(copy, "apis/ai/stigmer/agentic", file);
      const pieces = (await readFile(path, "utf8")).split(from);
      expect(pieces, `"${from}" occurs once`).toHaveLength(2);
      await writeFile(path, pieces.join(to));
      expect(compareContract(await buildContract(join(copy, "apis")), table)).toEqual(differences);
    } finally {
      await rm(copy, { recursive: true });
    }
  });

  it("names a file that only one side has", () => {
    const { "ai/stigmer/agentic/workflowrunner/v1/interface.proto": runner = {}, ...rest } = table;
    const moved = { ...rest, "ai/stigmer/agentic/workflowrunner/v2/interface.proto": runner };
    expect(compareContract(set, moved)).toEqual(
      expect.arrayContaining([
        "ai/stigmer/agentic/workflowrunner/v1/interface.proto: found, not expected",
        "ai/stigmer/agentic/workflowrunner/v2/interface.proto: expected, not found",
      ]),
    );
  });
});

/** Every field of every top-level message, with its full name and its comments. */
function fields(descriptors: FileDescriptorSet) {
  return descriptors.file.flatMap((file) =>
    file.messageType.flatMap((message, m) =>
      message.field.map((field, f) => ({
        name: `${file.package}.${message.name}.${field.name}`,
        field,
        comments: commentsAt(file, [4, m, 2, f]),
      })),
    ),
  );
}

/** The comments above the element at a path through descriptor.proto, detached ones included. */
function commentsAt(file: FileDescriptorProto, path: number[]): string {
  const location = file.sourceCodeInfo?.location.find((l) => l.path.join() === path.join());
  return [...(location?.leadingDetachedComments ?? []), location?.leadingComments ?? ""].join("\n");
}
