// Package worker starts a worker as its command line says.
package worker

import (
	"flag"
	"io"
	"log"
	"net/http"
	"os"
	"time"

	"connectrpc.com/connect/v2"
	"connectrpc.com/connect/v2/connecthttp"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/worker"
)

// Run runs a worker for these workflows and for the activities that register registers, until its
// standard input ends.
func Run(
	workflows []any,
	register func(registry worker.ActivityRegistry, temporal client.Client, executions *connect.Client),
) {
	address := flag.String("address", client.DefaultHostPort, "host and port of the Temporal server")
	namespace := flag.String("namespace", client.DefaultNamespace, "namespace of the worker")
	taskQueue := flag.String("task-queue", "", "task queue to poll")
	service := flag.String("service", "", "base URL of the execution service")
	binary := flag.Bool("binary", false, "write messages as binary/protobuf")
	activitiesOnly := flag.Bool("activities-only", false, "leave workflows to another worker")
	flag.Parse()

	dataConverter := converter.GetDefaultDataConverter()
	if *binary {
		dataConverter = binaryDataConverter()
	}
	temporal, err := client.Dial(client.Options{
		HostPort:      *address,
		Namespace:     *namespace,
		DataConverter: dataConverter,
	})
	if err != nil {
		log.Fatalln("cannot reach the Temporal server:", err)
	}
	defer temporal.Close()

	w := worker.New(temporal, *taskQueue, worker.Options{
		DisableWorkflowWorker: *activitiesOnly,
		// What waits for a worker that was killed goes to another one soon.
		StickyScheduleToStartTimeout: time.Second,
	})
	if !*activitiesOnly {
		for _, workflow := range workflows {
			w.RegisterWorkflow(workflow)
		}
	}
	register(w, temporal, connect.NewClient(connecthttp.NewTransport(http.DefaultClient, *service)))
	if err := w.Run(untilInputEnds()); err != nil {
		log.Fatalln("the worker has stopped:", err)
	}
}

// binaryDataConverter is the default data converter with its converters for messages in the other
// order: the first one writes, and both read.
func binaryDataConverter() converter.DataConverter {
	return converter.NewCompositeDataConverter(
		converter.NewNilPayloadConverter(),
		converter.NewByteSlicePayloadConverter(),
		converter.NewProtoPayloadConverter(),
		converter.NewProtoJSONPayloadConverter(),
		converter.NewJSONPayloadConverter(),
	)
}

// untilInputEnds stops the worker together with the test that has started it, however that ends.
func untilInputEnds() <-chan any {
	ended := make(chan any)
	go func() {
		io.Copy(io.Discard, os.Stdin)
		close(ended)
	}()
	return ended
}
