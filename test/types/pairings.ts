// Not run but compiled, by `npm run typecheck`: an execution goes with the clients of its own kind.

import type { Client } from "@connectrpc/connect";
import type {
  AgentExecution,
  AgentExecutionCommandController,
  AgentExecutionQueryController,
} from "../../src/agentexecution/v1.js";
import {
  type ActivityCompleter,
  type ExecutionCommands,
  type ExecutionQueries,
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
declare const both: {
  commands: ExecutionCommands<Execution>;
  queries: ExecutionQueries<Execution>;
};
declare const token: CallbackToken;
declare const completer: ActivityCompleter;

// The clients of the execution's own kind, or such as serve both.
reportOutcome(workflow, completer, workflows.queries);
reportOutcome(agent, completer, agents.queries);
reportOutcome(either, completer, both.queries);
startExecution(workflow, token, workflows);
startExecution(agent, token, agents);
startExecution(either, token, both);
rearmExecution(workflow, token, workflows);
rearmExecution(agent, token, agents);
rearmExecution(either, token, both);

// Not those of the other kind.
// @ts-expect-error
reportOutcome(workflow, completer, agents.queries);
// @ts-expect-error
reportOutcome(agent, completer, workflows.queries);
// @ts-expect-error
startExecution(workflow, token, agents);
// @ts-expect-error
startExecution(workflow, token, { commands: workflows.commands, queries: agents.queries });
// @ts-expect-error
startExecution(workflow, token, { commands: agents.commands, queries: workflows.queries });
// @ts-expect-error
startExecution(agent, token, workflows);
// @ts-expect-error
rearmExecution(workflow, token, agents);
// @ts-expect-error
rearmExecution(agent, token, { commands: agents.commands, queries: workflows.queries });
// @ts-expect-error
rearmExecution(agent, token, { commands: workflows.commands, queries: agents.queries });

// Nor those of one kind, where it may be of either.
// @ts-expect-error
reportOutcome(either, completer, workflows.queries);
// @ts-expect-error
reportOutcome(either, completer, agents.queries);
// @ts-expect-error
startExecution(either, token, workflows);
// @ts-expect-error
startExecution(either, token, { commands: both.commands, queries: agents.queries });
// @ts-expect-error
startExecution(either, token, { commands: workflows.commands, queries: both.queries });
// @ts-expect-error
rearmExecution(either, token, agents);
// @ts-expect-error
rearmExecution(either, token, { commands: agents.commands, queries: both.queries });
