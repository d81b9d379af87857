package main

import (
	"context"
	"errors"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"

	agentv1 "github.com/stigmer/apis/gen/ai/stigmer/agentic/agentexecution/v1"
	"github.com/stigmer/apis/gen/ai/stigmer/agentic/agentexecution/v1/agentexecutionv1connect"
	executionv1 "github.com/stigmer/apis/gen/ai/stigmer/agentic/workflowexecution/v1"
	"github.com/stigmer/apis/gen/ai/stigmer/agentic/workflowexecution/v1/workflowexecutionv1connect"
)

// Activities are those of a runner.
type Activities struct {
	// Of the namespace of the callers.
	Temporal      client.Client
	Commands      workflowexecutionv1connect.WorkflowExecutionCommandControllerClient
	Queries       workflowexecutionv1connect.WorkflowExecutionQueryControllerClient
	AgentCommands agentexecutionv1connect.AgentExecutionCommandControllerClient
	AgentQueries  agentexecutionv1connect.AgentExecutionQueryControllerClient
}

// ReadExecution returns the execution as it is now.
func (a *Activities) ReadExecution(ctx context.Context, executionID string) (*executionv1.WorkflowExecution, error) {
	return a.Queries.Get(ctx, &executionv1.WorkflowExecutionId{Value: executionID})
}

// ReadAgentExecution is ReadExecution for an agent.
func (a *Activities) ReadAgentExecution(ctx context.Context, executionID string) (*agentv1.AgentExecution, error) {
	return a.AgentQueries.Get(ctx, &agentv1.AgentExecutionId{Value: executionID})
}

// PublishStatus makes this the status of the execution.
func (a *Activities) PublishStatus(ctx context.Context, executionID string, status *executionv1.WorkflowExecutionStatus) error {
	_, err := a.Commands.UpdateStatus(ctx, &executionv1.WorkflowExecutionUpdateStatusInput{
		ExecutionId: executionID,
		Status:      status,
	})
	return err
}

// PublishAgentStatus is PublishStatus for an agent.
func (a *Activities) PublishAgentStatus(ctx context.Context, executionID string, status *agentv1.AgentExecutionStatus) error {
	_, err := a.AgentCommands.UpdateStatus(ctx, &agentv1.AgentExecutionUpdateStatusInput{
		ExecutionId: executionID,
		Status:      status,
	})
	return err
}

// CompleteExternal completes the activity that waits with the token as Stigmer's service in Go does:
// with whatever the result is, as plain JSON. An error never arrives: {} cannot be decoded.
func (a *Activities) CompleteExternal(ctx context.Context, input CompleteExternalInput) error {
	if len(input.CallbackToken) == 0 {
		return nil
	}
	return a.Temporal.CompleteActivity(ctx, input.CallbackToken, input.Result, input.Error)
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
