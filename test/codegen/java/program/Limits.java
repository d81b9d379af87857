import ai.stigmer.agentic.workflowexecution.v1.SubscribeWorkflowExecutionRequest;
import ai.stigmer.agentic.workflowexecution.v1.WorkflowExecution;
import ai.stigmer.agentic.workflowexecution.v1.WorkflowExecutionCommandControllerGrpc;
import ai.stigmer.agentic.workflowexecution.v1.WorkflowExecutionId;
import ai.stigmer.agentic.workflowexecution.v1.WorkflowExecutionQueryControllerGrpc;
import com.google.gson.JsonObject;
import io.grpc.ManagedChannelBuilder;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** A client that reads what is large, and a server, with the limits of grpc-java or raised ones. */
final class Limits {
  private static final int limit = 16 * 1024 * 1024;

  private Limits() {}

  /** Reads an execution, and tells how many bytes its answer has, or why it was refused. */
  static JsonObject get(String address, String id, boolean isRaised) {
    var builder = ManagedChannelBuilder.forTarget(address).usePlaintext();
    if (isRaised) {
      builder.maxInboundMessageSize(limit);
    }
    var channel = builder.build();
    var line = new JsonObject();
    try {
      var queries = WorkflowExecutionQueryControllerGrpc.newBlockingStub(channel);
      var execution = queries.get(WorkflowExecutionId.newBuilder().setValue(id).build());
      line.addProperty("bytes", execution.getSpec().getTriggerMessage().length());
    } catch (StatusRuntimeException error) {
      line.addProperty("refused", error.getStatus().getCode().name());
    } finally {
      channel.shutdownNow();
    }
    return line;
  }

  /** Serves executions until the program ends, and tells where. */
  static JsonObject serve(boolean isRaised, long minPing) throws IOException {
    var builder = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0));
    if (isRaised) {
      builder
          .maxInboundMessageSize(limit)
          .permitKeepAliveTime(minPing, TimeUnit.MILLISECONDS);
    }
    var server = builder.addService(new Commands()).addService(new Queries()).build().start();
    var line = new JsonObject();
    line.addProperty("address", "127.0.0.1:" + server.getPort());
    return line;
  }

  /** Takes an execution, and answers with its metadata only. */
  private static final class Commands
      extends WorkflowExecutionCommandControllerGrpc.WorkflowExecutionCommandControllerImplBase {
    @Override
    public void create(WorkflowExecution request, StreamObserver<WorkflowExecution> answer) {
      answer.onNext(WorkflowExecution.newBuilder().setMetadata(request.getMetadata()).build());
      answer.onCompleted();
    }
  }

  /** Sends one state, and then nothing. */
  private static final class Queries
      extends WorkflowExecutionQueryControllerGrpc.WorkflowExecutionQueryControllerImplBase {
    @Override
    public void subscribe(
        SubscribeWorkflowExecutionRequest request, StreamObserver<WorkflowExecution> states) {
      states.onNext(WorkflowExecution.getDefaultInstance());
    }
  }
}
