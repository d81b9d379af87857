"""Takes a text for a number, which a type checker has to see in the wheel."""

from ai.stigmer.agentic.workflowexecution.v1.api_pb2 import WorkflowExecution

kind: int = WorkflowExecution().kind
