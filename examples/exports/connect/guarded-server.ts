import { create } from "@bufbuild/protobuf";
import { type ConnectRouter, createClient, createRouterTransport } from "@connectrpc/connect";
import { guardedServer, redactingLogger } from "@stigmer/apis/connect";
import {
  WorkflowExecutionQueryController,
  WorkflowExecutionSchema,
} from "@stigmer/apis/workflowexecution/v1";

const stored = create(WorkflowExecutionSchema, {
  spec: { workflowId: "wfl-1", callbackToken: crypto.getRandomValues(new Uint8Array(132)) },
});

// This service has interceptors of its own, and so would not use those of its server.
const interceptors = [redactingLogger({ info: () => {}, debug: () => {} })];
const routes = ({ service }: ConnectRouter) =>
  service(WorkflowExecutionQueryController, { get: () => stored }, { interceptors });

// A real server takes the same: connectNodeAdapter(server).
const server = guardedServer(
  { routes },
  { mayRead: ({ header }) => header.get("authorization") === "Bearer key-of-the-runner" },
);
const transport = createRouterTransport(server.routes, { router: server });

const queries = createClient(WorkflowExecutionQueryController, transport);
const onHeader = (header: Headers) => console.log(header.get("stigmer-withheld"));
const viewer = await queries.get({ value: "wex-1" }, { onHeader }); // => callback_token
console.log(viewer.spec?.callbackToken.length); // => 0
const headers = { authorization: "Bearer key-of-the-runner" };
const runner = await queries.get({ value: "wex-1" }, { headers });
console.log(runner.spec?.callbackToken.length); // => 132
