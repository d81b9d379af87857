import ai.stigmer.agentic.agentexecution.v1.Api.AgentExecution;
import ai.stigmer.agentic.workflowexecution.v1.Api.WorkflowExecution;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import io.temporal.api.common.v1.Payload;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DataConverterException;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.common.converter.ProtobufPayloadConverter;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Reads messages from lines of JSON and writes each as two payloads, with Temporal's Java SDK. */
public final class Interop {
  private static final DataConverter DEFAULT = DefaultDataConverter.newDefaultInstance();
  private static final Map<String, Class<? extends Message>> TYPES =
      Map.of(
          AgentExecution.getDescriptor().getFullName(), AgentExecution.class,
          WorkflowExecution.getDescriptor().getFullName(), WorkflowExecution.class);

  public static void main(String[] args) throws Exception {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      Message message;
      try {
        message = read(JsonParser.parseString(line).getAsJsonObject());
      } catch (DataConverterException refusal) {
        var refused = new JsonObject();
        refused.addProperty("refused", refusal.getMessage());
        System.out.println(refused);
        continue;
      }
      Payload asDefault = DEFAULT.toPayload(message).orElseThrow();
      Payload asBinary = new ProtobufPayloadConverter().toData(message).orElseThrow();
      for (Payload payload : List.of(asDefault, asBinary)) {
        var written = new JsonObject();
        for (String key : List.of("encoding", "messageType")) {
          written.addProperty(key, payload.getMetadataOrThrow(key).toStringUtf8());
        }
        byte[] data = payload.getData().toByteArray();
        written.addProperty("data", Base64.getEncoder().encodeToString(data));
        System.out.println(written);
      }
    }
  }

  private static Message read(JsonObject given) throws Exception {
    Class<? extends Message> type = TYPES.get(given.get("messageType").getAsString());
    if (given.has("text")) return TextFormat.parse(given.get("text").getAsString(), type);
    var payload = Payload.newBuilder();
    for (String key : List.of("encoding", "messageType")) {
      payload.putMetadata(key, ByteString.copyFromUtf8(given.get(key).getAsString()));
    }
    byte[] data = Base64.getDecoder().decode(given.get("data").getAsString());
    return DEFAULT.fromPayload(payload.setData(ByteString.copyFrom(data)).build(), type, type);
  }
}
