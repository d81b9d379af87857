import ai.stigmer.agentic.agentexecution.v1.AgentExecution;
import ai.stigmer.agentic.agentexecution.v1.AgentExecutionCommandControllerGrpc;
import ai.stigmer.agentic.agentexecution.v1.AgentExecutionId;
import ai.stigmer.agentic.agentexecution.v1.AgentExecutionQueryControllerGrpc;
import ai.stigmer.agentic.workflowexecution.v1.SubscribeWorkflowExecutionRequest;
import ai.stigmer.agentic.workflowexecution.v1.WorkflowExecution;
import ai.stigmer.agentic.workflowexecution.v1.WorkflowExecutionCommandControllerGrpc;
import ai.stigmer.agentic.workflowexecution.v1.WorkflowExecutionQueryControllerGrpc;
import com.google.protobuf.Message;
import io.grpc.Channel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.stub.AbstractStub;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

final class Call {
  private Call() {}

  /** Creates an execution, subscribes to it and hands over every state that it receives. */
  static void call(String address, Message execution, Consumer<Message> received) {
    var channel = ManagedChannelBuilder.forTarget(address).usePlaintext().build();
    try {
      if (execution instanceof WorkflowExecution workflow) {
        callWorkflow(channel, workflow, received);
      } else {
        callAgent(channel, (AgentExecution) execution, received);
      }
    } finally {
      channel.shutdownNow();
    }
  }

  private static void callWorkflow(
      Channel channel, WorkflowExecution execution, Consumer<Message> received) {
    var commands = soon(WorkflowExecutionCommandControllerGrpc.newBlockingStub(channel));
    var queries = soon(WorkflowExecutionQueryControllerGrpc.newBlockingStub(channel));
    WorkflowExecution created = commands.create(execution);
    received.accept(created);
    var id = created.getMetadata().getId();
    queries
        .subscribe(SubscribeWorkflowExecutionRequest.newBuilder().setExecutionId(id).build())
        .forEachRemaining(received);
  }

  private static void callAgent(
      Channel channel, AgentExecution execution, Consumer<Message> received) {
    var commands = soon(AgentExecutionCommandControllerGrpc.newBlockingStub(channel));
    var queries = soon(AgentExecutionQueryControllerGrpc.newBlockingStub(channel));
    AgentExecution created = commands.create(execution);
    received.accept(created);
    var id = created.getMetadata().getId();
    queries
        .subscribe(AgentExecutionId.newBuilder().setValue(id).build())
        .forEachRemaining(received);
  }

  private static <S extends AbstractStub<S>> S soon(S stub) {
    return stub.withDeadlineAfter(1, TimeUnit.MINUTES);
  }
}
