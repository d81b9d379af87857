"""Imports two projects that share the contract's stubs."""

from ai.stigmer.agentic.workflowexecution.v1.api_pb2 import WorkflowExecution
from invoices.v1.invoice_pb2 import Invoice
from orders.v1.order_pb2 import Order
from orders.v1.order_pb2_grpc import OrderServiceStub

order = Order(execution=WorkflowExecution(kind="WorkflowExecution"))
invoice = Invoice(execution=order.execution)
print(invoice.execution.kind, type(invoice.execution) is WorkflowExecution, OrderServiceStub.__name__)
