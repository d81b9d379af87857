// Reads messages from lines of JSON and writes each as two payloads, with Temporal's Go SDK.
package main

import (
	"encoding/json"
	"errors"
	"io"
	"log"
	"os"
	"reflect"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	_ "interop/gen/ai/stigmer/agentic/agentexecution/v1"
	_ "interop/gen/ai/stigmer/agentic/workflowexecution/v1"
	"interop/lenient"
)

// A payload, or the text of a message. In JSON, []byte is Base64.
type line struct {
	MessageType string `json:"messageType"`
	Text        string `json:"text,omitempty"`
	Encoding    string `json:"encoding,omitempty"`
	Data        []byte `json:"data"`
	Lenient     bool   `json:"lenient,omitempty"`
}

func main() {
	in, out := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for {
		var given line
		err := in.Decode(&given)
		if errors.Is(err, io.EOF) {
			return
		}
		check(err)
		message, err := read(given)
		if err != nil {
			check(out.Encode(map[string]string{"refused": err.Error()}))
			continue
		}
		asDefault, err := converter.GetDefaultDataConverter().ToPayload(message)
		check(err)
		asBinary, err := converter.NewProtoPayloadConverter().ToPayload(message)
		check(err)
		for _, payload := range []*commonpb.Payload{asDefault, asBinary} {
			check(out.Encode(line{
				MessageType: string(payload.Metadata["messageType"]),
				Encoding:    string(payload.Metadata["encoding"]),
				Data:        payload.Data,
			}))
		}
	}
}

func read(given line) (proto.Message, error) {
	name := protoreflect.FullName(given.MessageType)
	messageType, err := protoregistry.GlobalTypes.FindMessageByName(name)
	check(err)
	message := messageType.New().Interface()
	if given.Encoding == "" {
		check(prototext.Unmarshal([]byte(given.Text), message))
		return message, nil
	}
	// What a worker hands over for an argument of the type *Message: a pointer to a nil one.
	argument := reflect.New(reflect.TypeOf(message))
	dataConverter := converter.GetDefaultDataConverter()
	if given.Lenient {
		dataConverter = lenient.DataConverter
	}
	err = dataConverter.FromPayload(&commonpb.Payload{
		Metadata: map[string][]byte{
			"encoding":    []byte(given.Encoding),
			"messageType": []byte(given.MessageType),
		},
		Data: given.Data,
	}, argument.Interface())
	if err != nil {
		return nil, err
	}
	return argument.Elem().Interface().(proto.Message), nil
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
