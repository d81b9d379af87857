import { listOpenHandshakes } from "@stigmer/apis/temporal";
import { Client, Connection } from "@temporalio/client";

const connection = await Connection.connect({
  address: process.env.TEMPORAL_ADDRESS ?? "localhost:7233",
});
// The namespace of the callers.
const client = new Client({ connection, namespace: "default" });

// With `executions`, clients of the execution service, also by what the service says of each.
const stuck: string[] = [];
for await (const { workflowId, state, detail } of listOpenHandshakes(client, {
  query: 'WorkflowType = "fulfilOrder"',
  olderThan: "1 hour",
})) {
  if (state !== "healthy") stuck.push([workflowId, state, detail].join(" "));
}
console.log(stuck.length); // => 0
await connection.close();
