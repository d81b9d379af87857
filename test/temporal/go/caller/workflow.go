package main

import (
	"errors"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	executionv1 "github.com/stigmer/apis/gen/ai/stigmer/agentic/workflowexecution/v1"
)

// Call ends as the execution that it has run.
func Call(ctx workflow.Context, execution *executionv1.WorkflowExecution) (*executionv1.WorkflowExecutionStatus, error) {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 2 * time.Minute,
		HeartbeatTimeout:    3 * time.Second,
		// Without it, the runner learns of a cancellation only that nobody waits any more.
		WaitForCancellation: true,
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval: 200 * time.Millisecond,
			MaximumInterval: time.Second,
		},
	})
	var activities *Activities
	var status *executionv1.WorkflowExecutionStatus
	err := workflow.ExecuteActivity(ctx, activities.ExecuteWorkflow, execution).Get(ctx, &status)
	return status, err
}

// Ending is what a workflow can tell of an execution that has not completed.
type Ending struct {
	Canceled     bool
	Type         string
	Message      string
	NonRetryable bool
	// Of the status in the details: its phase and its error.
	Phase string
	Error string
}

// CallAndTell runs an execution that does not complete, and returns what this workflow sees of it.
func CallAndTell(ctx workflow.Context, execution *executionv1.WorkflowExecution) (Ending, error) {
	var ending Ending
	var details interface{ Details(...any) error }
	_, err := Call(ctx, execution)
	if failed, ok := errors.AsType[*temporal.ApplicationError](err); ok {
		details = failed
		ending = Ending{Type: failed.Type(), Message: failed.Message(), NonRetryable: failed.NonRetryable()}
	} else if canceled, ok := errors.AsType[*temporal.CanceledError](err); ok {
		details = canceled
		ending = Ending{Canceled: true}
	} else {
		return ending, err
	}
	var status *executionv1.WorkflowExecutionStatus
	if err := details.Details(&status); err != nil {
		return ending, err
	}
	ending.Phase, ending.Error = status.Phase.String(), status.Error
	return ending, nil
}
