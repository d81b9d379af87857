// A runner's worker: it runs executions and reports how they end.
package main

import (
	"connectrpc.com/connect/v2"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	sdkworker "go.temporal.io/sdk/worker"

	"github.com/stigmer/apis/gen/ai/stigmer/agentic/agentexecution/v1/agentexecutionv1connect"
	"github.com/stigmer/apis/gen/ai/stigmer/agentic/workflowexecution/v1/workflowexecutionv1connect"
	"github.com/stigmer/apis/test/temporal/go/internal/worker"
)

func main() {
	workflows := []any{ExecuteServerlessWorkflow, ExecuteAgentLoop, Echo}
	worker.Run(workflows, func(registry sdkworker.ActivityRegistry, temporal client.Client, executions *connect.Client) {
		activities := &Activities{
			Temporal:      temporal,
			Commands:      workflowexecutionv1connect.NewWorkflowExecutionCommandControllerClient(executions),
			Queries:       workflowexecutionv1connect.NewWorkflowExecutionQueryControllerClient(executions),
			AgentCommands: agentexecutionv1connect.NewAgentExecutionCommandControllerClient(executions),
			AgentQueries:  agentexecutionv1connect.NewAgentExecutionQueryControllerClient(executions),
		}
		registry.RegisterActivity(activities)
		// As the tests' runner in TypeScript calls it.
		registry.RegisterActivityWithOptions(
			activities.PublishStatus,
			activity.RegisterOptions{Name: "publishStatus"},
		)
		registry.RegisterActivityWithOptions(
			activities.CompleteExternal,
			activity.RegisterOptions{Name: completeExternalActivity},
		)
	})
}
