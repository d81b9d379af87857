import { create } from "@bufbuild/protobuf";
import { createClient, createRouterTransport } from "@connectrpc/connect";
import { callbackTokenGuard } from "@stigmer/apis/connect";
import {
  WorkflowExecutionQueryController,
  WorkflowExecutionSchema,
} from "@stigmer/apis/workflowexecution/v1";

const stored = create(WorkflowExecutionSchema, {
  spec: { workflowId: "wfl-1", callbackToken: crypto.getRandomValues(new Uint8Array(132)) },
});

// A service with interceptors of its own would not use these; guardedServer sees to that.
const guard = callbackTokenGuard({
  mayRead: ({ header }) => header.get("authorization") === "Bearer key-of-the-runner",
});
const transport = createRouterTransport(
  ({ service }) => service(WorkflowExecutionQueryController, { get: () => stored }),
  { router: { interceptors: [guard] } },
);

const queries = createClient(WorkflowExecutionQueryController, transport);
const viewer = await queries.get({ value: "wex-1" });
console.log(viewer.spec?.callbackToken.length); // => 0
const headers = { authorization: "Bearer key-of-the-runner" };
const runner = await queries.get({ value: "wex-1" }, { headers });
console.log(runner.spec?.callbackToken.length); // => 132
