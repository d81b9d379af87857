package main

import "go.temporal.io/sdk/workflow"

// TemporalWorkflowInput is the input of ExecuteServerlessWorkflow. Its keys in JSON are the names of
// its fields.
type TemporalWorkflowInput struct {
	WorkflowExecutionID string
	// A CNCF Serverless Workflow document.
	WorkflowYaml string
	Metadata     map[string]any
	InitialData  map[string]any
	EnvVars      map[string]any
	OrgId        string
	// Empty when nobody waits.
	CallbackToken []byte
}

// Echo returns its input, as this worker reads and writes it.
func Echo(_ workflow.Context, input TemporalWorkflowInput) (TemporalWorkflowInput, error) {
	return input, nil
}
