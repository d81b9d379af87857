import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { callbackToken, setCallbackToken } from "@stigmer/apis";
import { AgentExecutionSchema } from "@stigmer/apis/agentexecution/v1";
import {
  type WorkflowExecution,
  WorkflowExecutionSchema,
} from "@stigmer/apis/workflowexecution/v1";
import { fill } from "./fill.js";
import { type Execution, type Kind, newExecution, newToken } from "./kinds.js";

/** Executions to exchange, by what is particular about them. */
export const vectors: Readonly<Record<string, (kind: Kind) => Execution>> = {
  "with every field set": (kind) => fill<Kind>(kind),
  "with nothing set": (kind) => create<Kind>(kind),
  "with nothing set in its parts, entries and elements": (kind) =>
    kind === WorkflowExecutionSchema
      ? create(WorkflowExecutionSchema, {
          metadata: { labels: { "": "" }, tags: [""], version: {} },
          spec: { triggerMetadata: { "": "" }, runtimeEnv: { "": {} } },
          status: { audit: { specAudit: { createdAt: {} } }, tasks: [{}], output: {} },
        })
      : create(AgentExecutionSchema, {
          metadata: { labels: { "": "" }, tags: [""], version: {} },
          spec: { executionConfig: {}, runtimeEnv: { "": {} } },
          status: { audit: {}, messages: [{ metadata: {} }], toolCalls: [{}], todos: { "": {} } },
        }),
  "with what is hard to write": (kind) => {
    const execution = create<Kind>(kind, {
      metadata: {
        name: '"\\/\b\f\n\r\t\u0000\u001f\u007f\u2028<&>',
        labels: { "𝒳 مرحبا 世界": "🧑‍🚀" },
      },
      status: {
        audit: {
          specAudit: { createdAt: { seconds: -62135596800n }, updatedAt: { nanos: 1 } },
          statusAudit: { createdAt: { seconds: 253402300799n, nanos: 999999999 } },
        },
      },
    });
    const numbers = [0.1, 1e300, 5e-324, 2 ** 53 + 2, -1, 1e21, 0];
    const struct = { numbers, nested: [[[{ "": [] }]]], null: null };
    if (isWorkflow(execution) && execution.status) execution.status.output = struct;
    setCallbackToken(execution, callbackToken(Uint8Array.from({ length: 8_192 }, (_, i) => i)));
    return execution;
  },
  "with enum values that are not known yet": (kind) =>
    withBytes(
      kind,
      newExecution(kind),
      field(resource.metadata, (metadata) => {
        metadata.tag(5, WireType.Varint).int32(77);
      }),
      field(resource.status, (status) => {
        status.tag(phaseOf(kind), WireType.Varint).int32(99);
      }),
      // Negative, so ten bytes long.
      field(resource.status, (status) => {
        status.tag(phaseOf(kind), WireType.Varint).int32(-1);
      }),
    ),
  "with unknown fields at every depth": (kind) =>
    withBytes(
      kind,
      fill<Kind>(kind),
      unknownFields,
      field(resource.metadata, unknownFields),
      field(resource.spec, unknownFields),
      field(
        resource.spec,
        field(5, (entry) => {
          entry.tag(1, WireType.LengthDelimited).string("later");
          field(2, unknownFields)(entry);
        }),
      ),
      field(resource.status, unknownFields),
      field(resource.status, field(99, field(1, field(1, unknownFields)))),
      // An element of the tasks or of the messages.
      field(resource.status, field(kind === WorkflowExecutionSchema ? 2 : 1, unknownFields)),
    ),
  "with a token in the status, where it was once": (kind) =>
    withBytes(
      kind,
      newExecution(kind),
      field(resource.status, (status) => {
        const once = kind === WorkflowExecutionSchema ? 11 : 10;
        status.tag(once, WireType.LengthDelimited).bytes(newToken());
      }),
    ),
};

const resource = { metadata: 3, spec: 4, status: 5 };

const phaseOf = (kind: Kind) => (kind === WorkflowExecutionSchema ? 1 : 2);

type Write = (writer: BinaryWriter) => void;

/** An execution to which these have added bytes. */
function withBytes(kind: Kind, execution: Execution, ...writes: Write[]): Execution {
  const writer = new BinaryWriter().raw(toBinary<Kind>(kind, execution));
  for (const write of writes) write(writer);
  return fromBinary<Kind>(kind, writer.finish());
}

/** A length-delimited field; one that is there already is merged with it. */
function field(number: number, write: Write): Write {
  return (writer) => {
    writer.tag(number, WireType.LengthDelimited).fork();
    write(writer);
    writer.join();
  };
}

/** A field of each wire type, in the order of their numbers, as Java sorts them. */
function unknownFields(writer: BinaryWriter): void {
  writer.tag(2_001, WireType.Varint).uint64(2n ** 64n - 1n);
  writer.tag(2_002, WireType.Bit64).fixed64(2n ** 63n);
  writer.tag(2_003, WireType.LengthDelimited).bytes(Uint8Array.of(0, 255));
  writer.tag(2_003, WireType.LengthDelimited).bytes(Uint8Array.of());
  writer.tag(2_004, WireType.StartGroup);
  writer.tag(1, WireType.LengthDelimited).string("in a group");
  writer.tag(2_004, WireType.EndGroup);
  writer.tag(2_005, WireType.Bit32).fixed32(7);
}

function isWorkflow(execution: Execution): execution is WorkflowExecution {
  return execution.$typeName === WorkflowExecutionSchema.typeName;
}
