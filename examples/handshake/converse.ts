// What every runner of agents does, on whatever engine. The agent is a fixed conversation: what
// matters here is its handshake.

import { create } from "@bufbuild/protobuf";
import {
  type AgentExecutionStatus,
  AgentExecutionStatusSchema,
  AgentMessageSchema,
  ExecutionPhase,
  MessageType,
} from "@stigmer/apis/agentexecution/v1";
import { now } from "./now.js";

/** What a runner has its engine do. */
export interface ConversationEngine {
  publish(status: AgentExecutionStatus): Promise<unknown>;
  log(step: string): void;
}

/** Has the agent answer. Returns the terminal status, which is still to be published. */
export async function converse(
  executionId: string,
  question: string,
  engine: ConversationEngine,
): Promise<AgentExecutionStatus> {
  const status = create(AgentExecutionStatusSchema, {
    phase: ExecutionPhase.EXECUTION_IN_PROGRESS,
    startedAt: now(),
  });
  const say = async (type: MessageType, content: string) => {
    status.messages.push(create(AgentMessageSchema, { type, content, timestamp: now() }));
    engine.log(`${executionId} ${MessageType[type]}: ${content}`);
    await engine.publish(status);
  };

  engine.log(`took ${executionId}`);
  await say(MessageType.MESSAGE_HUMAN, question);
  await say(MessageType.MESSAGE_TOOL, "track_order: handed to the carrier, 2 days to go");
  await say(
    MessageType.MESSAGE_AI,
    "Your lamps are on their way and arrive the day after tomorrow.",
  );
  status.phase = ExecutionPhase.EXECUTION_COMPLETED;
  status.completedAt = now();
  return status;
}
