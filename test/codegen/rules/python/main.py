"""Answers requests, lines of JSON on standard input, with lines of JSON: see ../../program.ts."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from importlib.metadata import version

import grpc
from ai.stigmer.agentic.workflowexecution.v1.api_pb2 import WorkflowExecution
from ai.stigmer.agentic.workflowexecution.v1.command_pb2_grpc import (
    WorkflowExecutionCommandControllerServicer,
    add_WorkflowExecutionCommandControllerServicer_to_server,
)
from ai.stigmer.agentic.workflowexecution.v1.query_pb2_grpc import (
    WorkflowExecutionQueryControllerServicer,
    add_WorkflowExecutionQueryControllerServicer_to_server,
)
from google.protobuf import descriptor_pool, json_format, message_factory
from validation import Validation, violations_of

# A message is found by its name in what was imported.
for module in (
    "agentexecution.v1.command_pb2",
    "agentexecution.v1.query_pb2",
    "workflowrunner.v1.interface_pb2",
):
    import_module(f"ai.stigmer.agentic.{module}")


def validate(type_name: str, text: str) -> list[dict[str, str]]:
    descriptor = descriptor_pool.Default().FindMessageTypeByName(type_name)
    message = json_format.Parse(text, message_factory.GetMessageClass(descriptor)())
    return [
        {
            "field": violation.field,
            "rule": violation.reason,
            "message": violation.description,
        }
        for violation in violations_of(message)
    ]


def serve() -> str:
    """Serves executions until the program ends."""
    server = grpc.server(ThreadPoolExecutor(), interceptors=[Validation()])
    add_WorkflowExecutionCommandControllerServicer_to_server(Commands(), server)
    add_WorkflowExecutionQueryControllerServicer_to_server(Queries(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    servers.append(server)
    return f"127.0.0.1:{port}"


# One that nothing refers to is stopped.
servers: list[grpc.Server] = []


class Commands(WorkflowExecutionCommandControllerServicer):
    def create(self, request, context):
        """Answers with what breaks rules: only requests are checked."""
        return WorkflowExecution()


class Queries(WorkflowExecutionQueryControllerServicer):
    def subscribe(self, request, context):
        yield WorkflowExecution()


def answer(given):
    op = given["op"]
    if op == "validate":
        return {"violations": validate(given["type"], given["json"])}
    if op == "serve":
        return {"address": serve()}
    if op == "versions":
        return {name: version(name) for name in ("protovalidate", "grpcio-status")}
    raise ValueError(f"no such op: {op}")


for line in sys.stdin.buffer:
    print(json.dumps(answer(json.loads(line))), flush=True)
