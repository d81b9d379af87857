// Not run but compiled, by `npm run typecheck`: an execution goes with the clients of its own kind.

import type { Client } from "@connectrpc/connect";
import type {
  AgentExecution,
  AgentExecutionCommandController,
  AgentExecutionQueryController,
} from "../../src/agentexecution/v1.js";
import {
  type ActivityCompleter,
  type ExecutionReader,
  type ExecutionWriter,
  rearmExecution,
  reportOutcome,
  startExecution,
} from "../../src/handshake/index.js";
import type { CallbackToken, Execution } from "../../src/index.js";
import type {
  WorkflowExecution,
  WorkflowExecutionCommandController,
  WorkflowExecutionQueryController,
} from "../../src/workflowexecution/v1.js";

declare const workflow: WorkflowExecution;
declare const agent: AgentExecution;
declare const either: Execution;
declare const workflows: {
  commands: Client<typeof WorkflowExecutionCommandController>;
  queries: Client<typeof WorkflowExecutionQueryController>;
};
declare const agents: {
  commands: Client<typeof AgentExecutionCommandController>;
  queries: Client<typeof AgentExecutionQueryController>;
};
declare const both: { commands: ExecutionWriter<Execution>; queries: ExecutionReader<Execution> };
declare const token: CallbackToken;
declare const completer: ActivityCompleter;

// The clients of the execution's own kind, or such as serve both.
reportOutcome(workflow, completer, workflows.queries);
reportOutcome(agent, completer, agents.queries);
reportOutcome(either, completer, both.queries);
startExecution(workflow, token, workflows.commands, workflows.queries);
startExecution(agent, token, agents.commands, agents.queries);
startExecution(either, token, both.commands, both.queries);
rearmExecution(workflow, token, workflows.commands, workflows.queries);
rearmExecution(agent, token, agents.commands, agents.queries);
rearmExecution(either, token, both.commands, both.queries);

// Not those of the other kind.
// @ts-expect-error
reportOutcome(workflow, completer, agents.queries);
// @ts-expect-error
reportOutcome(agent, completer, workflows.queries);
// @ts-expect-error
startExecution(workflow, token, agents.commands, agents.queries);
// @ts-expect-error
startExecution(workflow, token, workflows.commands, agents.queries);
// @ts-expect-error
startExecution(workflow, token, agents.commands, workflows.queries);
// @ts-expect-error
startExecution(agent, token, workflows.commands, workflows.queries);
// @ts-expect-error
rearmExecution(workflow, token, agents.commands, agents.queries);
// @ts-expect-error
rearmExecution(agent, token, agents.commands, workflows.queries);
// @ts-expect-error
rearmExecution(agent, token, workflows.commands, agents.queries);

// Nor those of one kind, where it may be of either.
// @ts-expect-error
reportOutcome(either, completer, workflows.queries);
// @ts-expect-error
reportOutcome(either, completer, agents.queries);
// @ts-expect-error
startExecution(either, token, workflows.commands, workflows.queries);
// @ts-expect-error
startExecution(either, token, both.commands, agents.queries);
// @ts-expect-error
startExecution(either, token, workflows.commands, both.queries);
// @ts-expect-error
rearmExecution(either, token, agents.commands, agents.queries);
// @ts-expect-error
rearmExecution(either, token, agents.commands, both.queries);
