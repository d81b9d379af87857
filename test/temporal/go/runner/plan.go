package main

import (
	"encoding/json"

	"go.temporal.io/sdk/workflow"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	agentv1 "github.com/stigmer/apis/gen/ai/stigmer/agentic/agentexecution/v1"
	contextv1 "github.com/stigmer/apis/gen/ai/stigmer/agentic/executioncontext/v1"
	executionv1 "github.com/stigmer/apis/gen/ai/stigmer/agentic/workflowexecution/v1"
)

// plan is what the tests have a runner do.
type plan struct {
	// Fails with this.
	Error string `json:"error"`
	// Else ends with this status, in the JSON of messages.
	Status json.RawMessage `json:"status"`
	// Has the activities of this task queue report.
	ReportQueue string `json:"reportQueue"`
	// Reports by Go's JSON: the execution ("result"), an error ("error"), or "both".
	GoJSON string `json:"goJson"`
}

// planOf reads the initial data.
func planOf(initial map[string]any) plan {
	var p plan
	data, err := json.Marshal(initial)
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
	status := &executionv1.WorkflowExecutionStatus{Phase: executionv1.ExecutionPhase_EXECUTION_COMPLETED}
	if message := p.end(status); message != "" {
		return &executionv1.WorkflowExecutionStatus{
			Phase: executionv1.ExecutionPhase_EXECUTION_FAILED,
			Error: message,
		}
	}
	return status
}

// runAgent is run for an agent, which tells why it has failed in a message only.
func (p plan) runAgent() *agentv1.AgentExecutionStatus {
	status := &agentv1.AgentExecutionStatus{Phase: agentv1.ExecutionPhase_EXECUTION_COMPLETED}
	if message := p.end(status); message != "" {
		return &agentv1.AgentExecutionStatus{
			Phase: agentv1.ExecutionPhase_EXECUTION_FAILED,
			Messages: []*agentv1.AgentMessage{
				{Type: agentv1.MessageType_MESSAGE_HUMAN, Content: "is it there?"},
				{Type: agentv1.MessageType_MESSAGE_SYSTEM, Content: message},
			},
		}
	}
	return status
}

// end fills the status in, or says why the execution fails.
func (p plan) end(status proto.Message) string {
	if p.Error != "" || p.Status == nil {
		return p.Error
	}
	if err := protojson.Unmarshal(p.Status, status); err != nil {
		return err.Error()
	}
	return ""
}

// runtimeEnv is what an execution runs with, its secret in clear.
func runtimeEnv() map[string]*contextv1.ExecutionValue {
	return map[string]*contextv1.ExecutionValue{
		"API_KEY": {Value: "only the runner in Go knows this", IsSecret: true},
		"REGION":  {Value: "eu-central-1"},
	}
}

// reporting has activities run where the plan wants its reports made.
func (p plan) reporting(ctx workflow.Context) workflow.Context {
	if p.ReportQueue == "" {
		return ctx
	}
	return workflow.WithTaskQueue(ctx, p.ReportQueue)
}
