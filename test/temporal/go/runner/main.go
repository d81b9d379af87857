// A runner's worker: it runs executions and reports how they end.
package main

import (
	"connectrpc.com/connect/v2"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	sdkworker "go.temporal.io/sdk/worker"

	"github.com/stigmer/apis/gen/ai/stigmer/agentic/workflowexecution/v1/workflowexecutionv1connect"
	"github.com/stigmer/apis/test/temporal/go/internal/worker"
)

func main() {
	workflows := []any{ExecuteServerlessWorkflow, Echo}
	worker.Run(workflows, func(registry sdkworker.ActivityRegistry, temporal client.Client, executions *connect.Client) {
		activities := &Activities{
			Temporal: temporal,
			Commands: workflowexecutionv1connect.NewWorkflowExecutionCommandControllerClient(executions),
		}
		registry.RegisterActivity(activities)
		// As the tests' runner in TypeScript calls it.
		registry.RegisterActivityWithOptions(
			activities.PublishStatus,
			activity.RegisterOptions{Name: "publishStatus"},
		)
	})
}
