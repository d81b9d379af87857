import ai.stigmer.agentic.agentexecution.v1.AgentExecution;
import ai.stigmer.agentic.workflowexecution.v1.WorkflowExecution;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;

final class Token {
  private Token() {}

  /** Empty when nobody waits. */
  static ByteString read(Message message) {
    return message instanceof WorkflowExecution workflow
        ? workflow.getSpec().getCallbackToken()
        : ((AgentExecution) message).getSpec().getCallbackToken();
  }

  /** Sets the token of the spec; null takes it out. */
  static Message write(Message message, byte[] token) {
    if (message instanceof WorkflowExecution workflow) {
      var written = workflow.toBuilder();
      if (token == null) {
        written.getSpecBuilder().clearCallbackToken();
      } else {
        written.getSpecBuilder().setCallbackToken(ByteString.copyFrom(token));
      }
      return written.build();
    }
    var written = ((AgentExecution) message).toBuilder();
    if (token == null) {
      written.getSpecBuilder().clearCallbackToken();
    } else {
      written.getSpecBuilder().setCallbackToken(ByteString.copyFrom(token));
    }
    return written.build();
  }
}
