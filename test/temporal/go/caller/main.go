// A caller's worker: its workflows have executions run, and wait for them.
package main

import (
	"connectrpc.com/connect/v2"
	"go.temporal.io/sdk/client"
	sdkworker "go.temporal.io/sdk/worker"

	"github.com/stigmer/apis/gen/ai/stigmer/agentic/workflowexecution/v1/workflowexecutionv1connect"
	"github.com/stigmer/apis/test/temporal/go/internal/worker"
)

func main() {
	workflows := []any{Call, CallAndTell, CallForAny, CallForExecution, RunServerless, RunServerlessAndTell}
	worker.Run(workflows, func(registry sdkworker.ActivityRegistry, _ client.Client, executions *connect.Client) {
		registry.RegisterActivity(&Activities{
			Commands: workflowexecutionv1connect.NewWorkflowExecutionCommandControllerClient(executions),
			Queries:  workflowexecutionv1connect.NewWorkflowExecutionQueryControllerClient(executions),
		})
	})
}
