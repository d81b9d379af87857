from ai.stigmer.agentic.workflowexecution.v1.api_pb2 import WorkflowExecution

WorkflowExecution().status.callback_token
