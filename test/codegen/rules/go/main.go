// Answers requests, lines of JSON on standard input, with lines of JSON: see ../../program.ts.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"runtime/debug"

	"example.com/orders/validation"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	_ "github.com/stigmer/apis/gen/ai/stigmer/agentic/agentexecution/v1"
	workflowv1 "github.com/stigmer/apis/gen/ai/stigmer/agentic/workflowexecution/v1"
	_ "github.com/stigmer/apis/gen/ai/stigmer/agentic/workflowrunner/v1"
)

type answer map[string]any

func main() {
	decoder, encoder := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for {
		var given struct {
			Op   string
			Type protoreflect.FullName
			JSON string
		}
		err := decoder.Decode(&given)
		if errors.Is(err, io.EOF) {
			return
		}
		check(err)
		switch given.Op {
		case "validate":
			check(encoder.Encode(answer{"violations": validate(given.Type, given.JSON)}))
		case "serve":
			check(encoder.Encode(answer{"address": serve()}))
		case "versions":
			check(encoder.Encode(versions()))
		default:
			check(fmt.Errorf("no such op: %s", given.Op))
		}
	}
}

func validate(name protoreflect.FullName, text string) []answer {
	messageType, err := protoregistry.GlobalTypes.FindMessageByName(name)
	check(err)
	message := messageType.New().Interface()
	check(protojson.Unmarshal([]byte(text), message))
	violations, err := validation.Violations(message)
	check(err)
	found := []answer{}
	for _, violation := range violations {
		found = append(found, answer{"field": violation.Field, "rule": violation.Reason, "message": violation.Description})
	}
	return found
}

// serve serves executions until the program ends.
func serve() string {
	server := grpc.NewServer(grpc.UnaryInterceptor(validation.Unary), grpc.StreamInterceptor(validation.Stream))
	workflowv1.RegisterWorkflowExecutionCommandControllerServer(server, commands{})
	workflowv1.RegisterWorkflowExecutionQueryControllerServer(server, queries{})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	go server.Serve(listener)
	return listener.Addr().String()
}

type commands struct {
	workflowv1.UnimplementedWorkflowExecutionCommandControllerServer
}

// Create answers with what breaks rules: only requests are checked.
func (commands) Create(context.Context, *workflowv1.WorkflowExecution) (*workflowv1.WorkflowExecution, error) {
	return &workflowv1.WorkflowExecution{}, nil
}

type queries struct {
	workflowv1.UnimplementedWorkflowExecutionQueryControllerServer
}

func (queries) Subscribe(_ *workflowv1.SubscribeWorkflowExecutionRequest, stream grpc.ServerStreamingServer[workflowv1.WorkflowExecution]) error {
	return stream.Send(&workflowv1.WorkflowExecution{})
}

func versions() answer {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if module.Path == "buf.build/go/protovalidate" {
			return answer{module.Path: module.Version[1:]}
		}
	}
	return answer{}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
