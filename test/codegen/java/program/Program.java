import ai.stigmer.agentic.agentexecution.v1.AgentExecution;
import ai.stigmer.agentic.workflowexecution.v1.WorkflowExecution;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.protobuf.RuntimeVersion;
import com.google.protobuf.TextFormat;
import com.google.protobuf.util.JsonFormat;
import io.grpc.ManagedChannel;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Answers requests, lines of JSON on standard input, with lines of JSON: see ../../program.ts. */
public final class Program {
  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  public static void main(String[] args) throws Exception {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      answer(JsonParser.parseString(line).getAsJsonObject());
    }
  }

  private static void answer(JsonObject given) throws Exception {
    switch (given.get("op").getAsString()) {
      case "rewrite" -> say(written(read(given)));
      case "fill" -> say(written(Fill.fill(newBuilder(given)).build()));
      case "readToken" -> {
        var token = Token.read(read(given));
        var line = new JsonObject();
        line.addProperty("token", encoded(token.toByteArray()));
        line.addProperty("set", !token.isEmpty());
        say(line);
      }
      case "writeToken" -> {
        byte[] token = given.has("token") ? decoded(given.get("token").getAsString()) : null;
        say(written(Token.write(read(given), token)));
      }
      case "print" -> {
        var message = read(given);
        var packed = Any.pack(message);
        var line = new JsonObject();
        line.add("printed", printed(message, packed));
        line.add(
            "safe", printed(Secrets.withoutSecrets(message), Secrets.withoutSecrets(packed)));
        line.addProperty("binary", encoded(message.toByteArray()));
        say(line);
      }
      case "call" -> {
        Call.call(given.get("address").getAsString(), read(given), Program::received);
        var line = new JsonObject();
        line.addProperty("ended", true);
        say(line);
      }
      case "get" -> {
        var isRaised = given.get("isRaised").getAsBoolean();
        say(Limits.get(given.get("address").getAsString(), given.get("id").getAsString(), isRaised));
      }
      case "serve" ->
          say(
              Limits.serve(
                  given.get("isRaised").getAsBoolean(), given.get("minPingMs").getAsLong()));
      case "versions" -> say(versions());
      default -> throw new IllegalArgumentException("no such op: " + given.get("op"));
    }
  }

  private static Message read(JsonObject given) throws Exception {
    var builder = newBuilder(given);
    if (given.has("json")) {
      JsonFormat.parser().merge(given.get("json").getAsString(), builder);
    } else {
      builder.mergeFrom(decoded(given.get("binary").getAsString()));
    }
    return builder.build();
  }

  private static Message.Builder newBuilder(JsonObject given) {
    var type = given.get("type").getAsString();
    if (type.equals(WorkflowExecution.getDescriptor().getFullName())) {
      return WorkflowExecution.newBuilder();
    }
    if (type.equals(AgentExecution.getDescriptor().getFullName())) {
      return AgentExecution.newBuilder();
    }
    throw new IllegalArgumentException("no execution: " + type);
  }

  private static JsonObject written(Message message) throws Exception {
    var line = new JsonObject();
    line.addProperty("binary", encoded(message.toByteArray()));
    line.addProperty("json", JsonFormat.printer().print(message));
    return line;
  }

  private static JsonObject printed(Message message, Message packed) throws Exception {
    var texts = new JsonObject();
    texts.addProperty("toString", message.toString());
    texts.addProperty("TextFormat", TextFormat.printer().printToString(message));
    texts.addProperty("JsonFormat", JsonFormat.printer().print(message));
    texts.addProperty("toString of an Any", packed.toString());
    texts.addProperty("TextFormat of an Any", TextFormat.printer().printToString(packed));
    return texts;
  }

  private static void received(Message message) {
    var line = new JsonObject();
    line.addProperty("received", encoded(message.toByteArray()));
    say(line);
  }

  private static JsonObject versions() {
    var line = new JsonObject();
    line.addProperty("Java", Integer.toString(Runtime.version().feature()));
    line.addProperty(
        "protobuf-java",
        RuntimeVersion.MAJOR + "." + RuntimeVersion.MINOR + "." + RuntimeVersion.PATCH);
    line.addProperty("grpc-java", ManagedChannel.class.getPackage().getImplementationVersion());
    return line;
  }

  private static String encoded(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static byte[] decoded(String text) {
    return Base64.getDecoder().decode(text);
  }

  private static void say(JsonObject line) {
    OUT.println(line);
  }
}
