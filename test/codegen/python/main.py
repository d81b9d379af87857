"""Answers requests, lines of JSON on standard input, with lines of JSON: see ../program.ts."""

import json
import platform
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable
from importlib.metadata import version
from typing import Any, Union

import grpc
import limits
from ai.stigmer.agentic.agentexecution.v1.api_pb2 import AgentExecution
from ai.stigmer.agentic.agentexecution.v1.command_pb2_grpc import (
    AgentExecutionCommandControllerStub,
)
from ai.stigmer.agentic.agentexecution.v1.io_pb2 import AgentExecutionId
from ai.stigmer.agentic.agentexecution.v1.query_pb2_grpc import AgentExecutionQueryControllerStub
from ai.stigmer.agentic.workflowexecution.v1.api_pb2 import WorkflowExecution
from ai.stigmer.agentic.workflowexecution.v1.command_pb2_grpc import (
    WorkflowExecutionCommandControllerStub,
)
from ai.stigmer.agentic.workflowexecution.v1.io_pb2 import SubscribeWorkflowExecutionRequest
from ai.stigmer.agentic.workflowexecution.v1.query_pb2_grpc import (
    WorkflowExecutionQueryControllerStub,
)
from fill import fill
from google.protobuf import json_format, text_format
from google.protobuf.any_pb2 import Any as Any_
from google.protobuf.message import Message
from without_secrets import without_secrets

Execution = Union[AgentExecution, WorkflowExecution]
types = {t.DESCRIPTOR.full_name: t for t in (AgentExecution, WorkflowExecution)}


def read(given: dict[str, Any]) -> Execution:
    message: Execution = types[given["type"]]()
    if "json" in given:
        json_format.Parse(given["json"], message)
    else:
        message.ParseFromString(b64decode(given["binary"]))
    return message


def written(message: Execution) -> dict[str, Any]:
    text = json_format.MessageToJson(message)
    return {"binary": encoded(message.SerializeToString()), "json": text}


def read_token(execution: Execution) -> bytes:
    """Empty when nobody waits."""
    return execution.spec.callback_token


def write_token(execution: Execution, token: Union[bytes, None]) -> None:
    if token is None:
        execution.spec.ClearField("callback_token")
    else:
        execution.spec.callback_token = token


def texts(message: Message, suffix: str) -> dict[str, str]:
    ways: dict[str, Callable[[Message], str]] = {
        "str": str,
        "repr": repr,
        "format": "{}".format,
        "text_format": text_format.MessageToString,
        "json_format": json_format.MessageToJson,
    }
    return {f"{name}{suffix}": print_(message) for name, print_ in ways.items()}


def call(given: dict[str, Any]) -> None:
    """Creates an execution, subscribes to it and says every state that it receives."""
    execution = read(given)
    with grpc.insecure_channel(given["address"]) as channel:
        if isinstance(execution, WorkflowExecution):
            created = WorkflowExecutionCommandControllerStub(channel).create(execution, timeout=60)
            states = WorkflowExecutionQueryControllerStub(channel).subscribe(
                SubscribeWorkflowExecutionRequest(execution_id=created.metadata.id), timeout=60
            )
        else:
            created = AgentExecutionCommandControllerStub(channel).create(execution, timeout=60)
            states = AgentExecutionQueryControllerStub(channel).subscribe(
                AgentExecutionId(value=created.metadata.id), timeout=60
            )
        say({"received": encoded(created.SerializeToString())})
        for state in states:
            say({"received": encoded(state.SerializeToString())})


def encoded(given: bytes) -> str:
    return b64encode(given).decode()


def say(line: dict[str, Any]) -> None:
    print(json.dumps(line), flush=True)


def answer(given: dict[str, Any]) -> None:
    op = given["op"]
    if op == "rewrite":
        say(written(read(given)))
    elif op == "fill":
        message = types[given["type"]]()
        fill(message, message.DESCRIPTOR.name)
        say(written(message))
    elif op == "readToken":
        token = read_token(read(given))
        say({"token": encoded(token), "set": bool(token)})
    elif op == "writeToken":
        message = read(given)
        write_token(message, b64decode(given["token"]) if "token" in given else None)
        say(written(message))
    elif op == "print":
        message = read(given)
        packed = Any_()
        packed.Pack(message)
        printed = {**texts(message, ""), **texts(packed, " of an Any")}
        safe = {
            **texts(without_secrets(message), ""),
            **texts(without_secrets(packed), " of an Any"),
        }
        say({"printed": printed, "safe": safe, "binary": encoded(message.SerializeToString())})
    elif op == "call":
        call(given)
        say({"ended": True})
    elif op == "get":
        say(limits.get(given))
    elif op == "serve":
        say(limits.serve(given))
    elif op == "versions":
        packages = ("protobuf", "grpcio")
        say({"Python": platform.python_version(), **{name: version(name) for name in packages}})
    else:
        raise ValueError(f"no such op: {op}")


for line in sys.stdin.buffer:
    answer(json.loads(line))
