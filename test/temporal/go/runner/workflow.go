package main

import (
	"time"

	"go.temporal.io/sdk/workflow"

	executionv1 "github.com/stigmer/apis/gen/ai/stigmer/agentic/workflowexecution/v1"
)

// ExecuteServerlessWorkflow runs one execution. It publishes the terminal status first and reports
// then: a caller that is retried in between finds the status.
func ExecuteServerlessWorkflow(ctx workflow.Context, input TemporalWorkflowInput) (*executionv1.WorkflowExecutionStatus, error) {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: time.Minute})
	var activities *Activities
	publish := func(status *executionv1.WorkflowExecutionStatus) error {
		return workflow.ExecuteActivity(ctx, activities.PublishStatus, input.WorkflowExecutionID, status).Get(ctx, nil)
	}

	if err := publish(&executionv1.WorkflowExecutionStatus{Phase: executionv1.ExecutionPhase_EXECUTION_IN_PROGRESS}); err != nil {
		return nil, err
	}
	plan := input.plan()
	status := plan.run()
	if err := publish(status); err != nil {
		return nil, err
	}
	if plan.ReportQueue != "" {
		ctx = workflow.WithTaskQueue(ctx, plan.ReportQueue)
	}
	return status, report(ctx, input.CallbackToken, status)
}

// report tells the activity that waits for the execution, if there is one, how it has ended.
func report(ctx workflow.Context, token []byte, status *executionv1.WorkflowExecutionStatus) error {
	if len(token) == 0 {
		return nil
	}
	// By their names, as they may be those of a worker in another language.
	if status.Phase == executionv1.ExecutionPhase_EXECUTION_FAILED {
		return workflow.ExecuteActivity(ctx, "FailExternalActivity", token, status.Error).Get(ctx, nil)
	}
	return workflow.ExecuteActivity(ctx, "CompleteExternalActivity", token, status).Get(ctx, nil)
}
