package orders;

import ai.stigmer.agentic.workflowexecution.v1.WorkflowExecution;
import orders.v1.Order;
import orders.v1.OrderServiceGrpc;

public final class Program {
  public static void main(String[] args) {
    WorkflowExecution execution = WorkflowExecution.newBuilder().setKind("WorkflowExecution").build();
    Order order = Order.newBuilder().setExecution(execution).build();
    System.out.println(order.getExecution().getKind() + " " + OrderServiceGrpc.SERVICE_NAME);
  }

  private Program() {}
}
