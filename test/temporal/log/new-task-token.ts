import { randomInt, randomUUID } from "node:crypto";
import protobuf from "protobufjs";

// token.v1.Task of the Temporal server, by field numbers.
const Task = new protobuf.Type("Task")
  .add(new protobuf.Field("namespaceId", 1, "string"))
  .add(new protobuf.Field("workflowId", 2, "string"))
  .add(new protobuf.Field("runId", 3, "string"))
  .add(new protobuf.Field("scheduledEventId", 4, "int64"))
  .add(new protobuf.Field("attempt", 5, "int32"))
  .add(new protobuf.Field("activityId", 6, "string"))
  .add(new protobuf.Field("activityType", 8, "string"));

/** A token as Temporal makes them. */
export function newTaskToken(): Buffer {
  const task = {
    namespaceId: randomUUID(),
    workflowId: `call-${randomUUID()}`,
    runId: randomUUID(),
    scheduledEventId: randomInt(5, 500),
    attempt: 1,
    activityId: "1",
    activityType: "ExecuteWorkflow",
  };
  return Buffer.from(Task.encode(task).finish());
}
