// An agent's runner. The agent is a fixed conversation: what matters here is its handshake.

import { create } from "@bufbuild/protobuf";
import {
  AgentExecutionStatusSchema,
  AgentMessageSchema,
  ExecutionPhase,
  MessageType,
} from "@stigmer/apis/agentexecution/v1";
import { now, report } from "./runner.js";
import type { World } from "./world.js";

export async function runAgent(world: World, id: string): Promise<void> {
  const { commands, queries } = world.asRunner.agent;
  const { spec } = await queries.get({ value: id });
  const status = create(AgentExecutionStatusSchema, {
    phase: ExecutionPhase.EXECUTION_IN_PROGRESS,
    startedAt: now(),
  });
  const publish = () => commands.updateStatus({ executionId: id, status });
  const say = async (type: MessageType, content: string) => {
    status.messages.push(create(AgentMessageSchema, { type, content, timestamp: now() }));
    world.log("runner", `${id} ${MessageType[type]}: ${content}`);
    await publish();
  };

  world.log("runner", `took ${id}, model ${spec?.executionConfig?.modelName}`);
  await say(MessageType.MESSAGE_HUMAN, spec?.message ?? "");
  await say(MessageType.MESSAGE_TOOL, "track_order: handed to the carrier, 2 days to go");
  await say(
    MessageType.MESSAGE_AI,
    "Your lamps are on their way and arrive the day after tomorrow.",
  );
  status.phase = ExecutionPhase.EXECUTION_COMPLETED;
  status.completedAt = now();
  await report(world, await publish(), queries);
}
