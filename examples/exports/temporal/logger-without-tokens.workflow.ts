import { proxyActivities } from "@temporalio/workflow";

const { greet } = proxyActivities<{ greet(): Promise<void> }>({ startToCloseTimeout: "1 minute" });

export async function greetOnce(): Promise<void> {
  await greet();
}
