package main

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	agentv1 "github.com/stigmer/apis/gen/ai/stigmer/agentic/agentexecution/v1"
	executionv1 "github.com/stigmer/apis/gen/ai/stigmer/agentic/workflowexecution/v1"
	"github.com/stigmer/apis/test/temporal/go/internal/serverless"
)

// ExecuteServerlessWorkflow runs one execution. It publishes the terminal status first and reports
// then: a caller that is retried in between finds the status.
func ExecuteServerlessWorkflow(ctx workflow.Context, input serverless.TemporalWorkflowInput) (*serverless.TemporalWorkflowOutput, error) {
	ctx = withActivityOptions(ctx)
	var activities *Activities
	publish := func(status *executionv1.WorkflowExecutionStatus) error {
		return workflow.ExecuteActivity(ctx, activities.PublishStatus, input.WorkflowExecutionID, status).Get(ctx, nil)
	}

	var atStart *executionv1.WorkflowExecution
	if err := workflow.ExecuteActivity(ctx, activities.ReadExecution, input.WorkflowExecutionID).Get(ctx, &atStart); err != nil {
		return nil, err
	}
	if err := publish(&executionv1.WorkflowExecutionStatus{Phase: executionv1.ExecutionPhase_EXECUTION_IN_PROGRESS}); err != nil {
		return nil, err
	}
	plan := planOf(input.InitialData)
	status := plan.run()
	if err := publish(status); err != nil {
		return nil, err
	}
	// What this runner may not read, it has from whoever started it.
	atStart.Spec.CallbackToken = input.CallbackToken
	atStart.Spec.RuntimeEnv = runtimeEnv()
	if err := report(ctx, plan, input.CallbackToken, status, atStart); err != nil {
		return nil, err
	}
	return output(ctx, input, status)
}

// AgentInput is the input of ExecuteAgentLoop.
type AgentInput struct {
	ExecutionID string `json:"executionId"`
	// Empty when nobody waits.
	CallbackToken []byte         `json:"callbackToken"`
	Plan          map[string]any `json:"plan"`
}

// ExecuteAgentLoop runs one execution of an agent, as ExecuteServerlessWorkflow runs one of a
// workflow. It reports by Go's JSON only.
func ExecuteAgentLoop(ctx workflow.Context, input AgentInput) (*agentv1.AgentExecutionStatus, error) {
	ctx = withActivityOptions(ctx)
	var activities *Activities
	publish := func(status *agentv1.AgentExecutionStatus) error {
		return workflow.ExecuteActivity(ctx, activities.PublishAgentStatus, input.ExecutionID, status).Get(ctx, nil)
	}

	var atStart *agentv1.AgentExecution
	if err := workflow.ExecuteActivity(ctx, activities.ReadAgentExecution, input.ExecutionID).Get(ctx, &atStart); err != nil {
		return nil, err
	}
	if err := publish(&agentv1.AgentExecutionStatus{Phase: agentv1.ExecutionPhase_EXECUTION_IN_PROGRESS}); err != nil {
		return nil, err
	}
	plan := planOf(input.Plan)
	status := plan.runAgent()
	if err := publish(status); err != nil {
		return nil, err
	}
	atStart.Spec.CallbackToken = input.CallbackToken
	atStart.Spec.RuntimeEnv = runtimeEnv()
	return status, reportGoJSON(ctx, plan, input.CallbackToken, atStart)
}

// withActivityOptions bounds the activities of a run.
func withActivityOptions(ctx workflow.Context) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: time.Minute,
		RetryPolicy:         &temporal.RetryPolicy{InitialInterval: 100 * time.Millisecond},
	})
}

// output is how the workflow itself ends: a caller of it sees by the error that the execution has
// not completed.
func output(ctx workflow.Context, input serverless.TemporalWorkflowInput, status *executionv1.WorkflowExecutionStatus) (*serverless.TemporalWorkflowOutput, error) {
	if status.Phase != executionv1.ExecutionPhase_EXECUTION_COMPLETED {
		return nil, temporal.NewNonRetryableApplicationError(status.Error, status.Phase.String(), nil)
	}
	return &serverless.TemporalWorkflowOutput{
		Result:       status.Output.AsMap(),
		WorkflowName: workflow.GetInfo(ctx).WorkflowType.Name,
		ExecutionID:  input.WorkflowExecutionID,
	}, nil
}

// Echo returns its input, as this worker reads and writes it.
func Echo(_ workflow.Context, input serverless.TemporalWorkflowInput) (serverless.TemporalWorkflowInput, error) {
	return input, nil
}
