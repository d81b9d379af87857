import { type Client, createClient, type Interceptor } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import {
  AgentExecutionCommandController,
  AgentExecutionQueryController,
} from "@stigmer/apis/agentexecution/v1";
import {
  WorkflowExecutionCommandController,
  WorkflowExecutionQueryController,
} from "@stigmer/apis/workflowexecution/v1";
import { WorkflowRunnerServiceController } from "@stigmer/apis/workflowrunner/v1";

/** Clients of an execution service, by the kind of execution. */
export interface Clients {
  readonly workflow: {
    readonly commands: Client<typeof WorkflowExecutionCommandController>;
    readonly queries: Client<typeof WorkflowExecutionQueryController>;
    readonly runner: Client<typeof WorkflowRunnerServiceController>;
  };
  readonly agent: {
    readonly commands: Client<typeof AgentExecutionCommandController>;
    readonly queries: Client<typeof AgentExecutionQueryController>;
  };
}

/** Clients of the execution service at this address. */
export function connect(baseUrl: string, ...interceptors: Interceptor[]): Clients {
  const transport = createConnectTransport({ baseUrl, httpVersion: "1.1", interceptors });
  return {
    workflow: {
      commands: createClient(WorkflowExecutionCommandController, transport),
      queries: createClient(WorkflowExecutionQueryController, transport),
      runner: createClient(WorkflowRunnerServiceController, transport),
    },
    agent: {
      commands: createClient(AgentExecutionCommandController, transport),
      queries: createClient(AgentExecutionQueryController, transport),
    },
  };
}

/** Shows the service, with every call, the key of those who may read tokens and secrets. */
export function showKey(key: string): Interceptor {
  return (next) => (call) => {
    call.header.set("authorization", `Bearer ${key}`);
    return next(call);
  };
}
