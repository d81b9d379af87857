package main

import (
	"errors"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	executionv1 "github.com/stigmer/apis/gen/ai/stigmer/agentic/workflowexecution/v1"
)

// CompleteExternalInput is the argument of the activity that Stigmer's workflows in Go report by.
type CompleteExternalInput struct {
	CallbackToken []byte
	// The execution as it was when the run started, as encoding/json writes the struct.
	Result any
	// Is written as {}, whatever the error says.
	Error error
}

const completeExternalActivity = "stigmer/system/complete-external-activity"

// report tells the activity that waits for the execution, if there is one, how it has ended.
func report(ctx workflow.Context, plan plan, token []byte, status *executionv1.WorkflowExecutionStatus, atStart *executionv1.WorkflowExecution) error {
	if plan.GoJSON != "" {
		return reportGoJSON(ctx, plan, token, atStart)
	}
	if len(token) == 0 {
		return nil
	}
	ctx = plan.reporting(ctx)
	// By their names, as they may be those of a worker in another language.
	if status.Phase == executionv1.ExecutionPhase_EXECUTION_FAILED {
		return workflow.ExecuteActivity(ctx, "FailExternalActivity", token, status.Error).Get(ctx, nil)
	}
	return workflow.ExecuteActivity(ctx, "CompleteExternalActivity", token, status).Get(ctx, nil)
}

// reportGoJSON reports as Stigmer's workflows in Go do: that the execution has ended, and not how. A
// report that fails is dropped.
func reportGoJSON(ctx workflow.Context, plan plan, token []byte, atStart any) error {
	input := CompleteExternalInput{CallbackToken: token, Result: atStart}
	if plan.GoJSON != "result" {
		input.Error = errors.New(plan.Error)
	}
	if plan.GoJSON == "error" {
		input.Result = nil
	}
	ctx = workflow.WithRetryPolicy(plan.reporting(ctx), temporal.RetryPolicy{
		InitialInterval: 100 * time.Millisecond,
		MaximumAttempts: 3,
	})
	if err := workflow.ExecuteActivity(ctx, completeExternalActivity, input).Get(ctx, nil); err != nil {
		workflow.GetLogger(ctx).Error("the report has failed", "error", err)
	}
	return nil
}
