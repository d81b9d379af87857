package main

import (
	"encoding/json"

	"google.golang.org/protobuf/encoding/protojson"

	executionv1 "github.com/stigmer/apis/gen/ai/stigmer/agentic/workflowexecution/v1"
)

// plan is what the tests have a runner do.
type plan struct {
	// Fails with this.
	Error string `json:"error"`
	// Else completes with this status, in the JSON of messages.
	Status json.RawMessage `json:"status"`
	// Has the activities of this task queue report.
	ReportQueue string `json:"reportQueue"`
}

// plan reads the initial data.
func (input TemporalWorkflowInput) plan() plan {
	var p plan
	data, err := json.Marshal(input.InitialData)
	if err == nil {
		err = json.Unmarshal(data, &p)
	}
	if err != nil {
		p.Error = err.Error()
	}
	return p
}

// run returns the status that the execution ends with.
func (p plan) run() *executionv1.WorkflowExecutionStatus {
	if p.Error != "" {
		return failed(p.Error)
	}
	status := &executionv1.WorkflowExecutionStatus{Phase: executionv1.ExecutionPhase_EXECUTION_COMPLETED}
	if p.Status != nil {
		if err := protojson.Unmarshal(p.Status, status); err != nil {
			return failed(err.Error())
		}
	}
	return status
}

func failed(message string) *executionv1.WorkflowExecutionStatus {
	return &executionv1.WorkflowExecutionStatus{
		Phase: executionv1.ExecutionPhase_EXECUTION_FAILED,
		Error: message,
	}
}
