package main

import (
	"context"
	"errors"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"

	executionv1 "github.com/stigmer/apis/gen/ai/stigmer/agentic/workflowexecution/v1"
	"github.com/stigmer/apis/gen/ai/stigmer/agentic/workflowexecution/v1/workflowexecutionv1connect"
)

// Activities are those of a runner.
type Activities struct {
	// Of the namespace of the callers.
	Temporal client.Client
	Commands workflowexecutionv1connect.WorkflowExecutionCommandControllerClient
}

// PublishStatus makes this the status of the execution.
func (a *Activities) PublishStatus(ctx context.Context, executionID string, status *executionv1.WorkflowExecutionStatus) error {
	_, err := a.Commands.UpdateStatus(ctx, &executionv1.WorkflowExecutionUpdateStatusInput{
		ExecutionId: executionID,
		Status:      status,
	})
	return err
}

// CompleteExternalActivity completes the activity that waits with the token. The result is passed on
// as it came, so that it may be the status of any kind of execution.
func (a *Activities) CompleteExternalActivity(ctx context.Context, token []byte, result converter.RawValue) error {
	return settled(ctx, a.Temporal.CompleteActivity(ctx, token, result, nil))
}

// FailExternalActivity fails the activity that waits with the token. It is not retried: another
// attempt would only find the execution failed.
func (a *Activities) FailExternalActivity(ctx context.Context, token []byte, message string) error {
	failure := temporal.NewNonRetryableApplicationError(message, "ExecutionFailed", nil)
	return settled(ctx, a.Temporal.CompleteActivity(ctx, token, nil, failure))
}

// settled sorts the answers to a report that are final from those that another attempt may change.
func settled(ctx context.Context, err error) error {
	if _, gone := errors.AsType[*serviceerror.NotFound](err); gone {
		activity.GetLogger(ctx).Warn("no activity waits for this report; dropped")
		return nil
	}
	if _, invalid := errors.AsType[*serviceerror.InvalidArgument](err); invalid {
		return temporal.NewNonRetryableApplicationError(err.Error(), "InvalidToken", nil)
	}
	return err
}
