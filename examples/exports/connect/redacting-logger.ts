import { createClient, createRouterTransport } from "@connectrpc/connect";
import { type CallLog, redactingLogger } from "@stigmer/apis/connect";
import { WorkflowExecutionCommandController } from "@stigmer/apis/workflowexecution/v1";

// In place of a pino logger, or of the console. It has fields of each call, too: method, code and
// duration.
const log: CallLog = {
  info: (_fields, text) => console.log(text),
  debug: ({ request }: { request?: unknown }, text) => console.log(text, JSON.stringify(request)),
};

const transport = createRouterTransport(
  ({ service }) => service(WorkflowExecutionCommandController, { create: () => ({}) }),
  { transport: { interceptors: [redactingLogger(log)] } },
);
const commands = createClient(WorkflowExecutionCommandController, transport);

await commands.create({ spec: { callbackToken: new Uint8Array(132).fill(7) } });
// => request {"spec":{"callbackToken":"132 bytes, sha256:cfd06cda"}}
// => response undefined
// => call
