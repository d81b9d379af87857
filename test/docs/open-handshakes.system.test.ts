import { spawn } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTemporalServer, type TemporalServer, temporalAvailable } from "../temporal/server.js";
import { executionOf, untilRunning } from "../temporal/world/observe.js";
import { startWorld, until, type World } from "../temporal/world/world.js";
import { readPage } from "./pages/page.js";
import { envOfReader, openProjects, type Projects } from "./pages/project.js";

const limitMs = 180_000;
const page = readPage("docs/open-handshakes.md");
const [command = "", inJson = "", narrow = ""] = page.blocks
  .filter(({ language, text }) => language === "sh" && text.startsWith("npx "))
  .map(({ text }) => text);

describe.skipIf(!temporalAvailable())("the commands of docs/open-handshakes.md", () => {
  let projects: Projects;
  let project: string;
  let server: TemporalServer;
  let world: World;
  let ids: string[];

  beforeAll(async () => {
    projects = openProjects();
    project = projects.follow(page);
    server = await startTemporalServer();
    world = await startWorld(server.address, "default", { protocol: "grpc" });
    await Promise.all([world.startWorker("caller"), world.startWorker("runner")]);
    const stuck = await order("order-1001", "2s");
    await world.runnerClient.workflow.getHandle(stuck).terminate();
    ids = [await order("order-1002", "1m"), stuck];
    await until("an attempt has heard nothing", async () => {
      const { raw } = await world.client.workflow.getHandle("order-1001").describe();
      return (raw.pendingActivities?.[0]?.attempt ?? 0) > 1;
    });
  }, limitMs);

  afterAll(async () => {
    await world?.stop();
    await server?.stop();
    projects?.remove();
  });

  /** Has a caller with this id wait for an execution, and returns the execution's. */
  async function order(workflowId: string, heartbeatTimeout: string): Promise<string> {
    const options = { heartbeatTimeout, startToCloseTimeout: "5m", scheduleToCloseTimeout: "20m" };
    const call = await world.client.workflow.start("call", {
      taskQueue: world.callerQueue,
      workflowId,
      args: ["workflow", { untilFinished: true }, options],
    });
    const id = await executionOf(world, call);
    await untilRunning(world, id);
    return id;
  }

  async function run(line: string, env: NodeJS.ProcessEnv = {}) {
    const child = spawn("sh", ["-c", line], {
      cwd: project,
      env: {
        ...envOfReader(),
        TEMPORAL_ADDRESS: server.address,
        SERVICE_URL: world.serviceUrl,
        ...env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
    return { status, stdout, stderr };
  }

  test("print a line for each caller that waits, as the page shows", {
    timeout: limitMs,
  }, async () => {
    const { status, stdout, stderr } = await run(command);
    expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
    const shown = page.blocks.find(({ language }) => language === "text")?.text ?? "";
    expect(comparable(stdout)).toBe(comparable(shown));
  });

  test("print JSON, with which token the reader sees", { timeout: limitMs }, async () => {
    const jsonOf = ({ stdout }: { stdout: string }) =>
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
    expect(jsonOf(await run(inJson))).toMatchObject([
      { workflowId: "order-1002", executionId: ids[0], state: "healthy", token: "withheld" },
      { workflowId: "order-1001", executionId: ids[1], state: "no-runner", token: "withheld" },
    ]);
    const authorized = await run(inJson, { STIGMER_AUTHORIZATION: world.serviceKey });
    expect(jsonOf(authorized)).toMatchObject([{ token: "present" }, { token: "present" }]);
    const token = (await world.asRunner.workflow.queries.get({ value: ids[0] ?? "" })).spec
      ?.callbackToken;
    expect(authorized.stdout).not.toContain(
      Buffer.from(token ?? [])
        .toString("base64")
        .slice(-40),
    );
  });

  test("list only what is asked for", { timeout: limitMs }, async () => {
    const none = await run(narrow);
    expect(none.stdout.trimEnd().split("\n").slice(1)).toEqual(["0 open"]);
    expect(none.status).toBe(0);
    const own = narrow.replace("fulfilOrder", "call").replace("1h", "1s");
    const { stdout, status } = await run(own.replace("100", "1"));
    expect(stdout).toContain(" order-1002");
    expect(stdout.trimEnd().split("\n").at(-1)).toBe("the first 1: 1 healthy");
    expect(status).toBe(0);
  });

  test("are what a program can count by", { timeout: limitMs }, async () => {
    const { stdout, stderr } = await run("node dist/count.js");
    expect({ stdout, stderr }).toEqual({
      stdout: "{ healthy: 1, 'no-runner': 1 }\n",
      stderr: "",
    });
  });
});

/** The lines of a table without what differs from one call to the next. */
function comparable(table: string): string {
  return table
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "UUID")
    .replace(/\b\d+[dhms](?: \d+[dhms])?(?= )/g, "AGO")
    .replace(/ \d+ /g, " COUNT ")
    .replace(/ +/g, " ")
    .trim();
}
