import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.JsonFormat;
import java.util.List;

final class Fill {
  private static final String STRUCT =
      """
      {
        "text": "PATH",
        "number": 1.5,
        "flag": true,
        "nothing": null,
        "list": [1, "two", false],
        "object": {"nested": "PATH"}
      }
      """;

  private Fill() {}

  /** Sets every field at every depth by the rule in ../../fill.ts. */
  static Message.Builder fill(Message.Builder message) throws Exception {
    return fill(message, message.getDescriptorForType().getName());
  }

  // The path tells where the message stands.
  private static Message.Builder fill(Message.Builder message, String path) throws Exception {
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      String at = path + "." + field.getName();
      if (field.isMapField()) {
        FieldDescriptor value = field.getMessageType().findFieldByName("value");
        for (String key : List.of("a", "b")) {
          Message.Builder entry = message.newBuilderForField(field);
          entry.setField(field.getMessageType().findFieldByName("key"), key);
          entry.setField(value, filled(entry, value, at + "[" + key + "]"));
          message.addRepeatedField(field, entry.build());
        }
      } else if (field.isRepeated()) {
        for (int index = 0; index < 2; index++) {
          message.addRepeatedField(field, filled(message, field, at + "[" + index + "]"));
        }
      } else {
        message.setField(field, filled(message, field, at));
      }
    }
    return message;
  }

  private static Object filled(Message.Builder parent, FieldDescriptor field, String path)
      throws Exception {
    return switch (field.getType()) {
      case STRING -> path + " ✓";
      case BYTES -> ByteString.copyFromUtf8(path);
      case BOOL -> true;
      case INT32 -> field.getNumber();
      case ENUM -> {
        var values = field.getEnumType().getValues();
        yield values.get(values.size() - 1);
      }
      case MESSAGE -> {
        Message.Builder message = parent.newBuilderForField(field);
        if (message instanceof Struct.Builder) {
          JsonFormat.parser().merge(STRUCT.replace("PATH", path), message);
        } else if (message instanceof Timestamp.Builder timestamp) {
          timestamp.setSeconds(1_700_000_000L + field.getNumber()).setNanos(120_000_000);
        } else {
          fill(message, path);
        }
        yield message.build();
      }
      default -> throw new IllegalArgumentException(
          path + " has a type that is not foreseen: " + field.getType());
    };
  }
}
