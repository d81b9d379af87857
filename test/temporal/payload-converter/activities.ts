import type { Message } from "@bufbuild/protobuf";

export const activities = {
  async echoInActivity(message: Message): Promise<Message> {
    return message;
  },
};
