"""Reads messages from lines of JSON and writes each as two payloads, with Temporal's Python SDK."""

import json
import sys
from base64 import b64decode, b64encode

from ai.stigmer.agentic.agentexecution.v1.api_pb2 import AgentExecution
from ai.stigmer.agentic.workflowexecution.v1.api_pb2 import WorkflowExecution
from google.protobuf import text_format
from lenient import data_converter
from temporalio.api.common.v1 import Payload
from temporalio.converter import BinaryProtoPayloadConverter, DataConverter

types = {t.DESCRIPTOR.full_name: t for t in (AgentExecution, WorkflowExecution)}
default = DataConverter.default.payload_converter
lenient = data_converter.payload_converter


def read(given):
    message_type = types[given["messageType"]]
    if "text" in given:
        return text_format.Parse(given["text"], message_type())
    metadata = {key: given[key].encode() for key in ("encoding", "messageType")}
    payload = Payload(metadata=metadata, data=b64decode(given["data"]))
    reader = lenient if given.get("lenient") else default
    return reader.from_payloads([payload], [message_type])[0]


for line in sys.stdin.buffer:
    try:
        message = read(json.loads(line))
    except Exception as error:
        print(json.dumps({"refused": str(error)}))
        continue
    [as_default] = default.to_payloads([message])
    for payload in (as_default, BinaryProtoPayloadConverter().to_payload(message)):
        written = {key: payload.metadata[key].decode() for key in ("encoding", "messageType")}
        print(json.dumps({**written, "data": b64encode(payload.data).decode()}))
