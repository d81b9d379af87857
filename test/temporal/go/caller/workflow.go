package main

import (
	"errors"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	executionv1 "github.com/stigmer/apis/gen/ai/stigmer/agentic/workflowexecution/v1"
	"github.com/stigmer/apis/test/temporal/go/internal/serverless"
)

// Call ends as the execution that it has run.
func Call(ctx workflow.Context, execution *executionv1.WorkflowExecution) (*executionv1.WorkflowExecutionStatus, error) {
	var status *executionv1.WorkflowExecutionStatus
	err := execute(ctx, execution, &status)
	return status, err
}

// CallForExecution is Call for a runner that reports the whole execution.
func CallForExecution(ctx workflow.Context, execution *executionv1.WorkflowExecution) (*executionv1.WorkflowExecution, error) {
	var ended *executionv1.WorkflowExecution
	err := execute(ctx, execution, &ended)
	return ended, err
}

// execute has the execution run, and reads what the runner reports into the pointer.
func execute(ctx workflow.Context, execution *executionv1.WorkflowExecution, result any) error {
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
	return workflow.ExecuteActivity(ctx, activities.ExecuteWorkflow, execution).Get(ctx, result)
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
	_, err := Call(ctx, execution)
	var status *executionv1.WorkflowExecutionStatus
	ending, err := endingOf(err, &status)
	if err != nil {
		return ending, err
	}
	ending.Phase, ending.Error = status.GetPhase().String(), status.GetError()
	return ending, nil
}

// AnyEnding is what a workflow that knows no messages can tell of an execution.
type AnyEnding struct {
	Ending
	Result  any
	Details any
}

// CallForAny runs an execution, and reads everything that is told of its end as any.
func CallForAny(ctx workflow.Context, execution *executionv1.WorkflowExecution) (AnyEnding, error) {
	var ending AnyEnding
	err := execute(ctx, execution, &ending.Result)
	if err != nil {
		ending.Ending, err = endingOf(err, &ending.Details)
	}
	return ending, err
}

// RunServerless runs the workflow ExecuteServerlessWorkflow itself, as its child: no activity waits.
// It knows by the error alone that the execution has not completed.
func RunServerless(ctx workflow.Context, taskQueue string, input serverless.TemporalWorkflowInput) (*serverless.TemporalWorkflowOutput, error) {
	ctx = workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		TaskQueue:           taskQueue,
		WorkflowID:          input.WorkflowExecutionID,
		WaitForCancellation: true,
	})
	var output *serverless.TemporalWorkflowOutput
	err := workflow.ExecuteChildWorkflow(ctx, "ExecuteServerlessWorkflow", input).Get(ctx, &output)
	return output, err
}

// RunServerlessAndTell runs one that does not complete, and returns what this workflow sees of it.
func RunServerlessAndTell(ctx workflow.Context, taskQueue string, input serverless.TemporalWorkflowInput) (Ending, error) {
	_, err := RunServerless(ctx, taskQueue, input)
	var status *executionv1.WorkflowExecutionStatus
	return endingOf(err, &status)
}

// endingOf reads the error that an execution has ended with, and its details into the
// pointer. Any other error is returned as it is.
func endingOf(err error, into any) (Ending, error) {
	var ending Ending
	var details interface{ Details(...any) error }
	if failed, ok := errors.AsType[*temporal.ApplicationError](err); ok {
		details = failed
		ending = Ending{Type: failed.Type(), Message: failed.Message(), NonRetryable: failed.NonRetryable()}
	} else if canceled, ok := errors.AsType[*temporal.CanceledError](err); ok {
		details = canceled
		ending = Ending{Canceled: true}
	} else {
		return ending, err
	}
	return ending, details.Details(into)
}
