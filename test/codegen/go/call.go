package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"connectrpc.com/connect/v2"
	"connectrpc.com/connect/v2/connecthttp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/proto"

	agentv1 "github.com/stigmer/apis/gen/ai/stigmer/agentic/agentexecution/v1"
	"github.com/stigmer/apis/gen/ai/stigmer/agentic/agentexecution/v1/agentexecutionv1connect"
	workflowv1 "github.com/stigmer/apis/gen/ai/stigmer/agentic/workflowexecution/v1"
	"github.com/stigmer/apis/gen/ai/stigmer/agentic/workflowexecution/v1/workflowexecutionv1connect"
)

// call creates an execution, subscribes to it and says every state that it receives.
func call(given request) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	switch execution := read(given).(type) {
	case *workflowv1.WorkflowExecution:
		callWorkflow(ctx, given, execution)
	case *agentv1.AgentExecution:
		callAgent(ctx, given, execution)
	}
}

func callWorkflow(ctx context.Context, given request, execution *workflowv1.WorkflowExecution) {
	if given.Over == "Connect" {
		client := connectClient(given)
		commands := workflowexecutionv1connect.NewWorkflowExecutionCommandControllerClient(client)
		queries := workflowexecutionv1connect.NewWorkflowExecutionQueryControllerClient(client)
		created, err := commands.Create(ctx, execution)
		received(created, err)
		stream, err := queries.Subscribe(ctx, subscription(created))
		check(err)
		defer stream.Close()
		for received(stream.Receive()) {
		}
		return
	}
	connection := dial(given)
	defer connection.Close()
	created, err := workflowv1.NewWorkflowExecutionCommandControllerClient(connection).Create(ctx, execution)
	received(created, err)
	queries := workflowv1.NewWorkflowExecutionQueryControllerClient(connection)
	stream, err := queries.Subscribe(ctx, subscription(created))
	check(err)
	for received(stream.Recv()) {
	}
}

func callAgent(ctx context.Context, given request, execution *agentv1.AgentExecution) {
	if given.Over == "Connect" {
		client := connectClient(given)
		commands := agentexecutionv1connect.NewAgentExecutionCommandControllerClient(client)
		queries := agentexecutionv1connect.NewAgentExecutionQueryControllerClient(client)
		created, err := commands.Create(ctx, execution)
		received(created, err)
		stream, err := queries.Subscribe(ctx, &agentv1.AgentExecutionId{Value: created.Metadata.Id})
		check(err)
		defer stream.Close()
		for received(stream.Receive()) {
		}
		return
	}
	connection := dial(given)
	defer connection.Close()
	created, err := agentv1.NewAgentExecutionCommandControllerClient(connection).Create(ctx, execution)
	received(created, err)
	queries := agentv1.NewAgentExecutionQueryControllerClient(connection)
	stream, err := queries.Subscribe(ctx, &agentv1.AgentExecutionId{Value: created.Metadata.Id})
	check(err)
	for received(stream.Recv()) {
	}
}

func subscription(created *workflowv1.WorkflowExecution) *workflowv1.SubscribeWorkflowExecutionRequest {
	return &workflowv1.SubscribeWorkflowExecutionRequest{ExecutionId: created.Metadata.Id}
}

// received says what the service has sent; false at the end of a stream.
func received[Message proto.Message](message Message, err error) bool {
	if errors.Is(err, io.EOF) {
		return false
	}
	check(err)
	binary, err := proto.Marshal(message)
	check(err)
	say(answer{"received": binary})
	return true
}

func dial(given request) *grpc.ClientConn {
	connection, err := grpc.NewClient(given.Address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	check(err)
	return connection
}

func connectClient(given request) *connect.Client {
	var protocols http.Protocols
	protocols.SetUnencryptedHTTP2(true)
	client := &http.Client{Transport: &http.Transport{Protocols: &protocols}}
	return connect.NewClient(connecthttp.NewTransport(client, fmt.Sprintf("http://%s", given.Address)))
}
