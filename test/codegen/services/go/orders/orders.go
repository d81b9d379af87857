// Package orders runs workflows.
package orders

import (
	ordersv1 "example.com/orders/gen/orders/v1"
	workflowv1 "github.com/stigmer/apis/gen/ai/stigmer/agentic/workflowexecution/v1"
)

// New returns the order of a run.
func New(execution *workflowv1.WorkflowExecution) *ordersv1.Order {
	return &ordersv1.Order{Execution: execution}
}
