// Package serverless has the input and the output of the workflow ExecuteServerlessWorkflow. Their
// keys in JSON are the names of their fields.
package serverless

// TemporalWorkflowInput is the input of ExecuteServerlessWorkflow.
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

// TemporalWorkflowOutput is the result of ExecuteServerlessWorkflow when its execution has completed.
type TemporalWorkflowOutput struct {
	Result        any
	FinalState    map[string]any
	WorkflowName  string
	ExecutionID   string
	ExecutionTime any
}
