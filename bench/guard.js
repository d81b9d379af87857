import { ok } from "node:assert/strict";
import { equals, toJson } from "@bufbuild/protobuf";
import { createClient, createRouterTransport } from "@connectrpc/connect";
import { guardedServer } from "@stigmer/apis/connect";
import {
  WorkflowExecutionQueryController,
  WorkflowExecutionSchema,
} from "@stigmer/apis/workflowexecution/v1";
import { workflowFixture } from "./fixtures/index.js";
import { assertSafe } from "./harness/assert-safe.js";
import { measureCalls } from "./harness/measure.js";
import { serveH2c, serveHttp1 } from "./harness/serve.js";
import { timeRow } from "./harness/times.js";

/** @import { ConnectRouter, Transport } from "@connectrpc/connect" */
/** @import { Size } from "./fixtures/index.js" */
/** @import { Effort } from "./harness/effort.js" */
/** @import { Group, Report } from "./harness/report.js" */
/** @import { Format, Serve } from "./harness/serve.js" */

/** @param {(router: ConnectRouter) => void} routes */
const guard = (routes) => guardedServer({ routes }, { mayRead: () => false });

/**
 * How a client asks for the execution: as connect-node does by default, and otherwise.
 *
 * @type {Record<string, Format>}
 */
const formats = {
  "binary, gzip": {},
  "binary, uncompressed": { acceptCompression: [] },
  "JSON, gzip": { useBinaryFormat: false },
};

/**
 * A call of `get` by a reader who may not read tokens, against one without a guard.
 *
 * @param {Effort} effort
 * @returns {Promise<Report>}
 */
export async function bench(effort) {
  /** @type {Group[]} */
  const groups = [];
  for (const size of /** @type {Size[]} */ (effort.quick ? ["4 KB"] : ["4 KB", "64 KB"])) {
    groups.push(await compareInMemory(size, effort));
    groups.push(await compareHttp("http/1.1", serveHttp1, size, effort));
    groups.push(await compareHttp("h2c", serveH2c, size, effort));
  }
  return {
    title: "guard: guardedServer in a unary call",
    checked: ["a guarded response is the execution without its token and its secret values"],
    groups,
  };
}

/**
 * @param {Size} size
 * @param {Effort} effort
 * @returns {Promise<Group>}
 */
async function compareInMemory(size, effort) {
  const { kind, message, bytes } = workflowFixture(size);
  const routes = routesTo(message);
  const { routes: guarded, interceptors } = guard(routes);
  const times = await measure(
    {
      unguarded: createRouterTransport(routes),
      guarded: createRouterTransport(guarded, { router: { interceptors } }),
    },
    message,
    effort,
  );
  return {
    name: `createRouterTransport, ${kind}`,
    bytes: bytes.length,
    ratio: "time / unguarded",
    rows: [timeRow(times, "unguarded"), timeRow(times, "guarded", { base: "unguarded" })],
  };
}

/**
 * @param {string} protocol
 * @param {Serve} serve
 * @param {Size} size
 * @param {Effort} effort
 * @returns {Promise<Group>}
 */
async function compareHttp(protocol, serve, size, effort) {
  const { kind, message, bytes } = workflowFixture(size);
  const routes = routesTo(message);
  const open = await serve({ routes });
  const closed = await serve(guard(routes));
  try {
    /** @type {Group["rows"]} */
    const rows = [];
    for (const [name, format] of Object.entries(formats)) {
      const times = await measure(
        { unguarded: open.connect(format), guarded: closed.connect(format) },
        message,
        effort,
      );
      rows.push(
        timeRow(times, "unguarded", { name: `${name}, unguarded` }),
        timeRow(times, "guarded", {
          name: `${name}, guarded`,
          base: "unguarded",
          goal: { atMost: 1.05 },
        }),
      );
    }
    return { name: `${protocol}, ${kind}`, bytes: bytes.length, ratio: "time / unguarded", rows };
  } finally {
    open.stop();
    closed.stop();
  }
}

/** @typedef {ReturnType<typeof workflowFixture>["message"]} WorkflowExecution */

/**
 * @param {WorkflowExecution} message
 * @returns {(router: ConnectRouter) => void}
 */
function routesTo(message) {
  return (router) => {
    router.service(WorkflowExecutionQueryController, { get: () => message });
  };
}

/**
 * @param {Record<"unguarded" | "guarded", Transport>} transports
 * @param {WorkflowExecution} message
 * @param {Effort} effort
 */
async function measure(transports, message, { calls }) {
  const unguarded = createClient(WorkflowExecutionQueryController, transports.unguarded);
  const closed = createClient(WorkflowExecutionQueryController, transports.guarded);
  const request = { value: message.metadata?.id ?? "" };
  const subjects = {
    unguarded: () => unguarded.get(request),
    guarded: () => closed.get(request),
  };
  ok(equals(WorkflowExecutionSchema, await subjects.unguarded(), message));
  assertSafe(toJson(WorkflowExecutionSchema, await subjects.guarded()), message);
  // Until V8 has optimized what is called and the connections are open.
  await measureCalls(subjects, Math.ceil(calls / 3));
  return measureCalls(subjects, calls);
}
