import ai.stigmer.agentic.workflowexecution.v1.SubscribeWorkflowExecutionRequest;
import ai.stigmer.agentic.workflowexecution.v1.WorkflowExecution;
import ai.stigmer.agentic.workflowexecution.v1.WorkflowExecutionCommandControllerGrpc;
import ai.stigmer.agentic.workflowexecution.v1.WorkflowExecutionQueryControllerGrpc;
import build.buf.protovalidate.Validator;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Answers requests, lines of JSON on standard input, with lines of JSON: see ../../program.ts. */
public final class Program {
  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  public static void main(String[] args) throws Exception {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      OUT.println(answer(JsonParser.parseString(line).getAsJsonObject()));
    }
  }

  private static JsonObject answer(JsonObject given) throws Exception {
    var line = new JsonObject();
    switch (given.get("op").getAsString()) {
      case "validate" ->
          line.add(
              "violations",
              validate(given.get("type").getAsString(), given.get("json").getAsString()));
      case "serve" -> line.addProperty("address", serve());
      case "versions" -> {
        // Its jar does not tell its version: its path in the repository does.
        var jar = Validator.class.getProtectionDomain().getCodeSource().getLocation().getPath();
        line.addProperty("protovalidate", jar.replaceAll(".*-(.+)\\.jar$", "$1"));
      }
      default -> throw new IllegalArgumentException("no such op: " + given.get("op"));
    }
    return line;
  }

  private static JsonArray validate(String type, String json) throws Exception {
    var builder = (Message.Builder) Class.forName(type).getMethod("newBuilder").invoke(null);
    JsonFormat.parser().merge(json, builder);
    var found = new JsonArray();
    for (var violation : Validation.violationsOf(builder.build())) {
      var line = new JsonObject();
      line.addProperty("field", violation.getField());
      line.addProperty("rule", violation.getReason());
      line.addProperty("message", violation.getDescription());
      found.add(line);
    }
    return found;
  }

  /** Serves executions until the program ends. */
  private static String serve() throws IOException {
    var server =
        NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
            .intercept(new Validation())
            .addService(new Commands())
            .addService(new Queries())
            .build()
            .start();
    return "127.0.0.1:" + server.getPort();
  }

  private static final class Commands
      extends WorkflowExecutionCommandControllerGrpc.WorkflowExecutionCommandControllerImplBase {
    /** Answers with what breaks rules: only requests are checked. */
    @Override
    public void create(WorkflowExecution request, StreamObserver<WorkflowExecution> answer) {
      answer.onNext(WorkflowExecution.getDefaultInstance());
      answer.onCompleted();
    }
  }

  private static final class Queries
      extends WorkflowExecutionQueryControllerGrpc.WorkflowExecutionQueryControllerImplBase {
    @Override
    public void subscribe(
        SubscribeWorkflowExecutionRequest request, StreamObserver<WorkflowExecution> states) {
      states.onNext(WorkflowExecution.getDefaultInstance());
      states.onCompleted();
    }
  }
}
