import { create } from "@bufbuild/protobuf";
import type { AgentExecutionStatus } from "../../agentexecution/v1.js";
import { ApiResourceAuditInfoSchema, ApiResourceAuditSchema } from "../../apiresource.js";
import type { ExecutionStatus } from "../../execution/execution.js";
import { typeNames } from "../../execution/kinds.js";
import { schemaOf } from "../../execution/schemas.js";
import type { WorkflowExecutionStatus } from "../../workflowexecution/v1.js";
import { beginningOf } from "./fit-text.js";
import { type Measure, measuring } from "./json-bytes.js";
import { shallowCopy } from "./shallow-copy.js";

const mark = "cut to fit: ";

/** One thing that is cut out of a status. */
interface Cut<S extends ExecutionStatus> {
  /** The fields that were there, in words. */
  readonly fields: string;
  /** What they have: where that is nothing, there is nothing to cut. */
  readonly values: (status: S) => readonly unknown[];
  readonly from: (status: S) => void;
}

const cutError: Cut<ExecutionStatus> = {
  fields: "error",
  values: ({ error }) => [error !== beginningOf(error)],
  from: (status) => {
    status.error = beginningOf(status.error);
  },
};

// In the order in which they are cut. What a caller asked for, the output, goes last.
const workflowCuts: readonly Cut<WorkflowExecutionStatus>[] = [
  {
    fields: "tasks.input, tasks.output, tasks.metadata",
    values: ({ tasks }) =>
      tasks.flatMap(({ input, output, metadata }) => [input, output, metadata]),
    from: (status) => {
      status.tasks = status.tasks.map((task) => {
        const copy = shallowCopy(task);
        delete copy.input;
        delete copy.output;
        delete copy.metadata;
        return copy;
      });
    },
  },
  {
    fields: "tasks",
    values: ({ tasks }) => tasks,
    from: (status) => {
      status.tasks = [];
    },
  },
  cutError,
  {
    fields: "output",
    values: ({ output }) => [output],
    from: (status) => {
      delete status.output;
    },
  },
];

// The answer of an agent is its last message.
const agentCuts: readonly Cut<AgentExecutionStatus>[] = [
  {
    fields: "tool_calls.args, tool_calls.result, messages.tool_calls",
    values: ({ toolCalls, messages }) => [
      ...toolCalls.flatMap(({ args, result }) => [args, result]),
      ...messages.flatMap(({ toolCalls }) => toolCalls),
    ],
    from: (status) => {
      status.toolCalls = status.toolCalls.map((call) => {
        const copy = shallowCopy(call);
        delete copy.args;
        copy.result = "";
        return copy;
      });
      status.messages = status.messages.map((message) =>
        Object.assign(shallowCopy(message), { toolCalls: [] }),
      );
    },
  },
  {
    fields: "tool_calls, sub_agent_executions, todos",
    values: ({ toolCalls, subAgentExecutions, todos }) => [
      ...toolCalls,
      ...subAgentExecutions,
      ...Object.values(todos),
    ],
    from: (status) => {
      status.toolCalls = [];
      status.subAgentExecutions = [];
      status.todos = {};
    },
  },
  {
    fields: "messages but the last",
    values: ({ messages }) => messages.slice(0, -1),
    from: (status) => {
      status.messages = status.messages.slice(-1);
    },
  },
  cutError,
  {
    fields: "messages",
    values: ({ messages }) => messages,
    from: (status) => {
      status.messages = [];
    },
  },
];

/**
 * A status that takes at most so many bytes as JSON: itself when it does, else a copy from which one
 * part after another was cut until it fits; the phase stays. What has no JSON form is cut like what
 * is too large. `audit.status_audit.event` of the copy names what was cut; `cutFieldsOf` reads that.
 */
export function fitStatus<S extends ExecutionStatus>(
  status: S,
  maxBytes: number,
  measure: Measure = measuring(status),
): S {
  if (measure(status) <= maxBytes) return status;
  // What is in it is not touched, but replaced.
  const copy = shallowCopy(status);
  const done: string[] = [];
  for (const { fields, values, from } of cutsFor(copy)) {
    if (!values(copy).some(Boolean)) continue;
    from(copy);
    done.push(fields);
    markAs(copy, done);
    if (measure(copy) <= maxBytes) return copy;
  }
  return leastStatus(status);
}

/** What is left of any status: its phase and the beginning of its error. It is marked as cut. */
export function leastStatus<S extends ExecutionStatus>(status: S): S {
  const error = beginningOf(status.error);
  const least = create(schemaOf(status), { phase: status.phase as never, error }) as S;
  markAs(least, ["all but the phase and the error"]);
  return least;
}

/**
 * The fields that were cut out of a status to make it fit Temporal's limit of a payload, in words,
 * such as `["tasks.input, tasks.output, tasks.metadata", "tasks"]`. Empty for a status that is whole.
 * Who needs the whole reads the execution from its service, in an activity.
 */
export function cutFieldsOf(status: ExecutionStatus): string[] {
  const event = status.audit?.statusAudit?.event ?? "";
  return event.startsWith(mark) ? event.slice(mark.length).split("; ") : [];
}

function cutsFor<S extends ExecutionStatus>(status: S): readonly Cut<S>[] {
  const cuts = status.$typeName === typeNames.AgentExecution.status ? agentCuts : workflowCuts;
  return cuts as readonly Cut<ExecutionStatus>[];
}

function markAs(status: ExecutionStatus, cuts: readonly string[]): void {
  const { specAudit, statusAudit } = status.audit ?? {};
  const marked = statusAudit ? shallowCopy(statusAudit) : create(ApiResourceAuditInfoSchema);
  marked.event = `${mark}${cuts.join("; ")}`;
  status.audit = create(ApiResourceAuditSchema, {
    ...(specAudit && { specAudit }),
    statusAudit: marked,
  });
}
