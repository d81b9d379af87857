// A stand-in for the services that exist, in a process of its own, so that a test can kill it. It does
// what they were observed to do, not what the contract says. It tells the test what it does, stops at
// the gates that the test has closed, and loses answers as it is told to.

import { once } from "node:events";
import { createServer } from "node:http2";
import { setTimeout as sleep } from "node:timers/promises";
import { toBinary } from "@bufbuild/protobuf";
import { base64Encode } from "@bufbuild/protobuf/wire";
import { createContextKey, createContextValues } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { ExecutionPhase } from "@stigmer/apis/workflowexecution/v1";
import { createExecutionStore } from "./execution-store.js";
import { openJournal } from "./journal.js";
import { agentKind, workflowKind } from "./kinds.js";
import { routesOf } from "./routes.js";

/** @import { Http2Session } from "node:http2" */
/** @import { Interceptor } from "@connectrpc/connect" */
/** @import { Execution } from "@stigmer/apis" */

/**
 * @typedef {object} ServiceConfig
 * @property {number} port 0 for any that is free
 * @property {string} path of the file that has the executions
 */

/**
 * What a test says to the service.
 *
 * @typedef {object} Order
 * @property {string} [close] stops calls at this gate from now on, such as `before create`
 * @property {string} [loseAnswer] cuts the connection of the next call of this method, once it has taken effect
 */

/**
 * What the service says to a test.
 *
 * @typedef {object} Report
 * @property {number} [port] it serves, and where
 * @property {string} [call] this method is called
 * @property {{ kind: "workflow" | "agent", bytes: string }} [created] the execution to be run, in Base64
 * @property {boolean} [updated] an execution was replaced
 * @property {string} [at] a call stands at this gate
 */

const config = /** @type {ServiceConfig} */ (JSON.parse(process.argv[2] ?? ""));
/** @type {Set<string>} */
const closed = new Set();
/** @type {Set<string>} */
const answersToLose = new Set();

process.on("message", (/** @type {Order} */ { close, loseAnswer }) => {
  if (close) closed.add(close);
  if (loseAnswer) answersToLose.add(loseAnswer);
});
process.on("disconnect", () => process.exit());

/**
 * Resolves when the report is out of this process, so that it arrives even if this ends now.
 *
 * @param {Report} report
 * @returns {Promise<void>}
 */
function tell(report) {
  return new Promise((resolve) => {
    process.send?.(report, () => resolve());
  });
}

/** @param {Execution} execution */
function tellCreated(execution) {
  const isWorkflow = execution.$typeName === workflowKind.schema.typeName;
  const bytes = toBinary((isWorkflow ? workflowKind : agentKind).schema, execution);
  return tell({ created: { kind: isWorkflow ? "workflow" : "agent", bytes: base64Encode(bytes) } });
}

/**
 * Nobody is let through again: who stands there does until the process is killed.
 *
 * @param {string} name
 */
async function gate(name) {
  if (!closed.has(name)) return;
  await tell({ at: name });
  await new Promise(() => {});
}

const sessionKey = createContextKey(/** @type {Http2Session | undefined} */ (undefined), {
  description: "the connection of a call",
});

/** @type {Interceptor} */
const observed = (next) => async (call) => {
  const { name } = call.method;
  await tell({ call: name });
  await gate(`before ${name}`);
  try {
    const response = await next(call);
    if (name === "create" && !response.stream) {
      await tellCreated(/** @type {Execution} */ (response.message));
    }
    if (name === "update") await tell({ updated: true });
    await gate(`after ${name}`);
    return response;
  } finally {
    if (answersToLose.delete(name)) call.contextValues.get(sessionKey)?.destroy();
  }
};

const journal = openJournal(config.path);
const workflows = createExecutionStore(
  workflowKind,
  journal.read(workflowKind),
  journal.writer(workflowKind),
);
const agents = createExecutionStore(agentKind, journal.read(agentKind), journal.writer(agentKind));

// Killed after an execution was stored and before the test was told, it tells it now. What the real
// services do about such an execution is not known; here it is run.
for (const execution of [...workflows.all(), ...agents.all()]) {
  if (execution.status?.phase === ExecutionPhase.EXECUTION_PENDING) await tellCreated(execution);
}

const handler = connectNodeAdapter({
  connect: false,
  grpcWeb: false,
  routes: routesOf(workflows, agents),
  interceptors: [observed],
  contextValues: (request) =>
    createContextValues().set(sessionKey, "stream" in request ? request.stream.session : undefined),
});
await tell({ port: await listen() });

/** Resolves with the port: the configured one is free again soon after a process was killed. */
async function listen() {
  for (let attempt = 1; ; attempt++) {
    const server = createServer(handler).listen(config.port, "127.0.0.1");
    try {
      await once(server, "listening");
      return /** @type {import("node:net").AddressInfo} */ (server.address()).port;
    } catch (error) {
      if (config.port === 0 || attempt === 200) throw error;
      await sleep(50);
    }
  }
}
