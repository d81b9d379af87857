package main

import (
	"context"
	"net"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/status"

	workflowv1 "github.com/stigmer/apis/gen/ai/stigmer/agentic/workflowexecution/v1"
)

const limit = 16 * 1024 * 1024

// get reads an execution, and says how many bytes its answer has, or why it was refused.
func get(given request) {
	options := []grpc.DialOption{grpc.WithTransportCredentials(insecure.NewCredentials())}
	if given.IsRaised {
		options = append(options,
			grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(limit)),
		)
	}
	connection, err := grpc.NewClient(given.Address, options...)
	check(err)
	defer connection.Close()
	queries := workflowv1.NewWorkflowExecutionQueryControllerClient(connection)
	execution, err := queries.Get(context.Background(), &workflowv1.WorkflowExecutionId{Value: given.ID})
	if err != nil {
		say(answer{"refused": status.Code(err).String()})
		return
	}
	say(answer{"bytes": len(execution.GetSpec().GetTriggerMessage())})
}

// serve serves executions until the program ends, and says where.
func serve(given request) {
	var options []grpc.ServerOption
	minPing := time.Duration(given.MinPingMs) * time.Millisecond
	if given.IsRaised {
		options = append(options,
			grpc.MaxRecvMsgSize(limit),
			grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: minPing}),
		)
	}
	server := grpc.NewServer(options...)
	workflowv1.RegisterWorkflowExecutionCommandControllerServer(server, commands{})
	workflowv1.RegisterWorkflowExecutionQueryControllerServer(server, queries{})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	go server.Serve(listener)
	say(answer{"address": listener.Addr().String()})
}

type commands struct {
	workflowv1.UnimplementedWorkflowExecutionCommandControllerServer
}

// Create takes an execution, and answers with its metadata only.
func (commands) Create(_ context.Context, execution *workflowv1.WorkflowExecution) (*workflowv1.WorkflowExecution, error) {
	return &workflowv1.WorkflowExecution{Metadata: execution.Metadata}, nil
}

type queries struct {
	workflowv1.UnimplementedWorkflowExecutionQueryControllerServer
}

// Subscribe sends one state, and then nothing.
func (queries) Subscribe(_ *workflowv1.SubscribeWorkflowExecutionRequest, stream grpc.ServerStreamingServer[workflowv1.WorkflowExecution]) error {
	if err := stream.Send(&workflowv1.WorkflowExecution{}); err != nil {
		return err
	}
	<-stream.Context().Done()
	return nil
}
