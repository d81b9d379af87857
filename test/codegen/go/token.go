package main

import (
	"fmt"

	"google.golang.org/protobuf/proto"

	agentv1 "github.com/stigmer/apis/gen/ai/stigmer/agentic/agentexecution/v1"
	workflowv1 "github.com/stigmer/apis/gen/ai/stigmer/agentic/workflowexecution/v1"
)

// readToken returns nil or empty bytes when nobody waits.
func readToken(message proto.Message) []byte {
	switch execution := message.(type) {
	case *workflowv1.WorkflowExecution:
		return bytes(execution.GetSpec().GetCallbackToken())
	case *agentv1.AgentExecution:
		return bytes(execution.GetSpec().GetCallbackToken())
	}
	check(fmt.Errorf("no execution: %T", message))
	return nil
}

// writeToken sets the token of the spec; nil takes it out.
func writeToken(message proto.Message, token []byte) {
	switch execution := message.(type) {
	case *workflowv1.WorkflowExecution:
		execution.Spec.CallbackToken = token
	case *agentv1.AgentExecution:
		execution.Spec.CallbackToken = token
	default:
		check(fmt.Errorf("no execution: %T", message))
	}
}
