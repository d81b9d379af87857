// Links two services that share the contract's stubs.
package main

import (
	"fmt"

	"example.com/invoices"
	"example.com/orders"
	workflowv1 "github.com/stigmer/apis/gen/ai/stigmer/agentic/workflowexecution/v1"
)

func main() {
	order := orders.New(&workflowv1.WorkflowExecution{Kind: "WorkflowExecution"})
	invoice := invoices.Of(order.GetExecution())
	fmt.Println(invoice.GetExecution().GetKind())
}
