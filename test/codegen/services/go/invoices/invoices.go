// Package invoices has runs paid.
package invoices

import (
	invoicesv1 "example.com/invoices/gen/invoices/v1"
	workflowv1 "github.com/stigmer/apis/gen/ai/stigmer/agentic/workflowexecution/v1"
)

// Of returns the invoice of a run.
func Of(execution *workflowv1.WorkflowExecution) *invoicesv1.Invoice {
	return &invoicesv1.Invoice{Execution: execution}
}
