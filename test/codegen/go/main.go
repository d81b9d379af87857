// Answers requests, lines of JSON on standard input, with lines of JSON: see ../program.ts.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/stigmer/apis/program/redact"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/known/anypb"
)

// In JSON, []byte is Base64, and one that is absent is nil.
type request struct {
	Op      string
	Type    protoreflect.FullName
	Binary  []byte
	JSON    *string
	Token   []byte
	Address string
	Over    string
	ID      string
	// Of get and serve; see limits.go.
	IsRaised  bool
	MinPingMs int
}

type answer map[string]any

var encoder = json.NewEncoder(os.Stdout)

func main() {
	decoder := json.NewDecoder(os.Stdin)
	for {
		var given request
		err := decoder.Decode(&given)
		if errors.Is(err, io.EOF) {
			return
		}
		check(err)
		switch given.Op {
		case "rewrite":
			say(written(read(given)))
		case "fill":
			message := newMessage(given.Type)
			fill(message.ProtoReflect(), string(given.Type.Name()))
			say(written(message))
		case "readToken":
			token := readToken(read(given))
			say(answer{"token": token, "set": len(token) > 0})
		case "writeToken":
			message := read(given)
			writeToken(message, given.Token)
			say(written(message))
		case "print":
			message := read(given)
			packed, err := anypb.New(message)
			check(err)
			printed, safe := map[string]string{}, map[string]string{}
			for suffix, given := range map[string]proto.Message{"": message, " of an Any": packed} {
				print(printed, given, suffix)
				print(safe, redact.WithoutSecrets(given), suffix)
			}
			binary, err := proto.Marshal(message)
			check(err)
			say(answer{"printed": printed, "safe": safe, "binary": bytes(binary)})
		case "call":
			call(given)
			say(answer{"ended": true})
		case "get":
			get(given)
		case "serve":
			serve(given)
		case "versions":
			say(versions())
		default:
			check(fmt.Errorf("no such op: %s", given.Op))
		}
	}
}

func read(given request) proto.Message {
	message := newMessage(given.Type)
	if given.JSON != nil {
		check(protojson.Unmarshal([]byte(*given.JSON), message))
	} else {
		check(proto.Unmarshal(given.Binary, message))
	}
	return message
}

// print writes a message in each way to a map.
func print(to map[string]string, message proto.Message, suffix string) {
	to["String"+suffix] = message.(fmt.Stringer).String()
	to["%v"+suffix] = fmt.Sprintf("%v", message)
	to["%+v"+suffix] = fmt.Sprintf("%+v", message)
	to["prototext"+suffix] = prototext.Format(message)
	to["protojson"+suffix] = protojson.Format(message)
}

func newMessage(name protoreflect.FullName) proto.Message {
	messageType, err := protoregistry.GlobalTypes.FindMessageByName(name)
	check(err)
	return messageType.New().Interface()
}

func written(message proto.Message) answer {
	binary, err := proto.Marshal(message)
	check(err)
	text, err := protojson.Marshal(message)
	check(err)
	return answer{"binary": bytes(binary), "json": string(text)}
}

// bytes makes nil bytes empty ones, which are not null in JSON.
func bytes(given []byte) []byte {
	return append([]byte{}, given...)
}

func say(line answer) {
	check(encoder.Encode(line))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
