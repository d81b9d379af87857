"""A client that reads what is large, and a server, with the limits of grpcio or with raised ones."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import grpc
from ai.stigmer.agentic.workflowexecution.v1.api_pb2 import WorkflowExecution
from ai.stigmer.agentic.workflowexecution.v1.command_pb2_grpc import (
    WorkflowExecutionCommandControllerServicer,
    add_WorkflowExecutionCommandControllerServicer_to_server,
)
from ai.stigmer.agentic.workflowexecution.v1.io_pb2 import WorkflowExecutionId
from ai.stigmer.agentic.workflowexecution.v1.query_pb2_grpc import (
    WorkflowExecutionQueryControllerServicer,
    WorkflowExecutionQueryControllerStub,
    add_WorkflowExecutionQueryControllerServicer_to_server,
)

limit = 16 * 1024 * 1024


def get(given: dict[str, Any]) -> dict[str, Any]:
    """Reads an execution, and tells how many bytes its answer has, or why it was refused."""
    options = [("grpc.max_receive_message_length", limit)] if given["isRaised"] else []
    with grpc.insecure_channel(given["address"], options) as channel:
        queries = WorkflowExecutionQueryControllerStub(channel)
        try:
            execution = queries.get(WorkflowExecutionId(value=given["id"]))
        except grpc.RpcError as error:
            return {"refused": error.code().name}
    return {"bytes": len(execution.spec.trigger_message)}


def serve(given: dict[str, Any]) -> dict[str, Any]:
    """Serves executions until the program ends, and tells where."""
    options: list[tuple[str, int]] = []
    if given["isRaised"]:
        min_ping = given["minPingMs"]
        options = [
            ("grpc.max_receive_message_length", limit),
            ("grpc.http2.min_ping_interval_without_data_ms", min_ping),
        ]
    server = grpc.server(ThreadPoolExecutor(), options=options)
    add_WorkflowExecutionCommandControllerServicer_to_server(Commands(), server)
    add_WorkflowExecutionQueryControllerServicer_to_server(Queries(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    servers.append(server)
    return {"address": f"127.0.0.1:{port}"}


# One that nothing refers to is stopped.
servers: list[grpc.Server] = []


class Commands(WorkflowExecutionCommandControllerServicer):
    def create(self, request, context):
        """Takes an execution, and answers with its metadata only."""
        return WorkflowExecution(metadata=request.metadata)


class Queries(WorkflowExecutionQueryControllerServicer):
    def subscribe(self, request, context):
        """Sends one state, and then nothing."""
        yield WorkflowExecution()
        ended = Event()
        context.add_callback(ended.set)
        ended.wait()
