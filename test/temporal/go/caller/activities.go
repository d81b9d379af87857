package main

import (
	"context"
	"fmt"

	"connectrpc.com/connect/v2"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"
	"google.golang.org/protobuf/proto"

	executionv1 "github.com/stigmer/apis/gen/ai/stigmer/agentic/workflowexecution/v1"
	"github.com/stigmer/apis/gen/ai/stigmer/agentic/workflowexecution/v1/workflowexecutionv1connect"
)

// Activities are those of a caller.
type Activities struct {
	Commands workflowexecutionv1connect.WorkflowExecutionCommandControllerClient
	Queries  workflowexecutionv1connect.WorkflowExecutionQueryControllerClient
}

// ExecuteWorkflow creates the execution with the task token of this activity and goes pending:
// whoever ends the execution completes the activity. An attempt after the first gives the execution
// its own token, as the earlier one is dead, or ends as the execution has ended.
func (a *Activities) ExecuteWorkflow(ctx context.Context, execution *executionv1.WorkflowExecution) (*executionv1.WorkflowExecutionStatus, error) {
	info := activity.GetInfo(ctx)
	request := proto.CloneOf(execution)
	// The same for every attempt: the next one finds by it what this one has created.
	request.Metadata.Id = fmt.Sprintf("wex-%s-%s", info.WorkflowExecution.RunID, info.ActivityID)
	request.Spec.CallbackToken = info.TaskToken

	_, err := a.Commands.Create(ctx, request)
	if connect.CodeOf(err) == connect.CodeAlreadyExists {
		_, err = a.Commands.Update(ctx, request)
	}
	if connect.CodeOf(err) == connect.CodeFailedPrecondition {
		return a.ending(ctx, request.Metadata.Id)
	}
	if err != nil {
		return nil, err
	}
	return nil, activity.ErrResultPending
}

// ending returns the status of an execution that has ended, as the completed activity would have.
func (a *Activities) ending(ctx context.Context, id string) (*executionv1.WorkflowExecutionStatus, error) {
	execution, err := a.Queries.Get(ctx, &executionv1.WorkflowExecutionId{Value: id})
	if err != nil {
		return nil, err
	}
	switch status := execution.GetStatus(); status.GetPhase() {
	case executionv1.ExecutionPhase_EXECUTION_COMPLETED:
		return status, nil
	case executionv1.ExecutionPhase_EXECUTION_FAILED:
		return nil, temporal.NewNonRetryableApplicationError(status.Error, "ExecutionFailed", nil, status)
	case executionv1.ExecutionPhase_EXECUTION_CANCELLED:
		return nil, temporal.NewNonRetryableApplicationError(status.Error, "ExecutionCancelled", nil, status)
	default:
		return nil, fmt.Errorf("%s has not ended, and takes no other token", id)
	}
}
