import { spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Client, Code, createClient, createRouterTransport } from "@connectrpc/connect";
import { connectNodeAdapter, createConnectTransport } from "@connectrpc/connect-node";
import { ApiResourceOwnerScope } from "@stigmer/apis/apiresource";
import { createExecutionService, type ExecutionService } from "@stigmer/apis/testing";
import {
  ExecutionPhase,
  WorkflowExecutionCommandController,
} from "@stigmer/apis/workflowexecution/v1";
import type { Browser, Page as Tab } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { bundlePage, type Page } from "../../examples/watch-execution/bundle-page.js";
import { type Server, serve } from "../../examples/watch-execution/serve.js";
import { findSecrets } from "../find-secrets.js";
import { chromiumAvailable, launchChromium } from "./chromium.js";
import { createProject, type Project } from "./project.js";
import { type Relay, startRelay } from "./relay.js";
import {
  COMPLETED,
  ended,
  FAILED,
  PENDING,
  RUNNING,
  running,
  SKIPPED,
  type Status,
  steps,
} from "./statuses.js";

const artifacts = fileURLToPath(new URL("../../build/artifacts", import.meta.url));
const patience = { timeout: 30_000 };

describe.skipIf(!chromiumAvailable())("the page of examples/watch-execution", () => {
  let project: Project;
  let page: Page;
  let browser: Browser;

  beforeAll(async () => {
    project = createProject();
    page = await bundlePage(project.page);
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    project?.remove();
  });

  let service: ExecutionService;
  let commands: Client<typeof WorkflowExecutionCommandController>;
  let server: Server;
  let relay: Relay;
  /** What the console of the browser has shown. */
  let complaints: string[];

  beforeEach(async () => {
    service = createExecutionService();
    commands = createClient(
      WorkflowExecutionCommandController,
      createRouterTransport(service.routes),
    );
    server = await serve(page, service);
    relay = await startRelay(server.url);
    complaints = [];
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    await relay.stop();
    await server.stop();
    await service.stop();
  });

  const token = randomBytes(132);
  const apiKey = `sk-live-${randomUUID()}`;

  async function startExecution(name = "Restock the espresso beans"): Promise<string> {
    const id = `wex-${randomUUID()}`;
    await commands.create({
      apiVersion: "agentic.stigmer.ai/v1",
      kind: "WorkflowExecution",
      metadata: {
        id,
        name,
        org: "coffee-bar",
        ownerScope: ApiResourceOwnerScope.organization,
      },
      spec: {
        workflowId: "restock",
        runtimeEnv: {
          SHOP: { value: "shop-in-vienna" },
          ROASTER_API_KEY: { value: apiKey, isSecret: true },
        },
        callbackToken: token,
      },
    });
    return id;
  }

  const publish = (executionId: string, status: Status) =>
    commands.updateStatus({ executionId, status });

  async function open(path: string, options: Parameters<Browser["newContext"]>[0] = {}) {
    const context = await browser.newContext({
      viewport: { width: 1000, height: 820 },
      ...options,
    });
    const tab = await context.newPage();
    tab.setDefaultTimeout(patience.timeout);
    tab.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
    tab.on("pageerror", (error) => complaints.push(String(error)));
    tab.on("request", (request) => {
      if (!request.url().startsWith(relay.url)) complaints.push(`request: ${request.url()}`);
    });
    await tab.goto(relay.url + path);
    return tab;
  }

  const shownText = (tab: Tab, selector: string) =>
    expect.poll(() => tab.locator(selector).innerText(), patience);
  const shownValue = (tab: Tab) =>
    expect.poll(() => tab.getByRole("progressbar").getAttribute("aria-valuenow"), patience);

  /** The tasks as one sees and hears them. */
  const shownTasks = (tab: Tab) =>
    expect.poll(async () => {
      const items = await tab.getByRole("listitem").all();
      return Promise.all(
        items.map(async (item) =>
          (await item.locator(".name, .when").allTextContents()).join(": ").trim(),
        ),
      );
    }, patience);

  test("shows the progress while the execution goes on, and how it has ended", async () => {
    const id = await startExecution();
    const tab = await open(`/?id=${id}`);
    await shownText(tab, "#phase").toBe("Waiting to start");
    await shownText(tab, "h1").toBe("Restock the espresso beans");
    await shownText(tab, "#id").toBe(id);
    await shownValue(tab).toBe(null);

    await publish(id, running(RUNNING));
    await shownText(tab, "#phase").toBe("Running");
    await shownValue(tab).toBe("0");
    const widthAtStart = await widthOfBar(tab);

    await publish(id, running(COMPLETED, COMPLETED, RUNNING));
    await shownValue(tab).toBe("40");
    await shownTasks(tab).toEqual([
      "Read the stock levels: completed 1.3 s",
      "Forecast next week's demand: completed 42 s",
      expect.stringMatching(/^Ask three roasters for offers: running 2 min \d+ s$/),
      "Negotiate a better price: pending",
      "Wait for the buyer's approval: pending",
    ]);
    await shownText(tab, "#count").toBe("2 of 5 tasks done");
    await shownText(tab, "#announcement").toBe(
      "Running. 2 of 5 tasks done. Ask three roasters for offers",
    );
    expect(await tab.title()).toBe("40 % · Restock the espresso beans");
    await expect.poll(() => widthOfBar(tab), patience).toBeGreaterThan(widthAtStart);

    await publish(id, running(COMPLETED, COMPLETED, COMPLETED, SKIPPED, RUNNING));
    await shownValue(tab).toBe("80");
    await screenshot(tab);

    const all = [COMPLETED, COMPLETED, COMPLETED, SKIPPED, COMPLETED];
    await publish(id, ended(ExecutionPhase.EXECUTION_COMPLETED, running(...all)));
    await shownText(tab, "#phase").toBe("Completed");
    await shownValue(tab).toBe("100");
    await shownTasks(tab).toEqual([
      "Read the stock levels: completed 1.3 s",
      "Forecast next week's demand: completed 42 s",
      "Ask three roasters for offers: completed 1 min 25 s",
      "Negotiate a better price: skipped",
      "Wait for the buyer's approval: completed 2 h 5 min",
    ]);
    expect(complaints).toEqual([]);
  });

  test("lets durations grow while nothing changes", async () => {
    const id = await startExecution();
    await publish(id, running(RUNNING));
    const tab = await open(`/?id=${id}`);
    await shownText(tab, ".duration >> nth=0").toMatch(/^3 min/);
    const before = await tab.locator(".duration").first().innerText();
    await shownText(tab, ".duration >> nth=0").not.toBe(before);
    expect(complaints).toEqual([]);
  });

  test("shows why an execution has failed, and which tasks were not run", async () => {
    const id = await startExecution();
    const tab = await open(`/?id=${id}`);
    const status = running(COMPLETED, FAILED, PENDING, SKIPPED);
    Object.assign(status.tasks?.[1] ?? {}, { error: "The forecast ended with 503" });
    await publish(id, running(COMPLETED, RUNNING));
    await publish(id, ended(ExecutionPhase.EXECUTION_FAILED, status, "No forecast, no order"));

    await shownText(tab, "#phase").toBe("Failed");
    await shownText(tab, "#error").toBe("No forecast, no order");
    await shownText(tab, "li:nth-child(2) .error").toBe("The forecast ended with 503");
    await shownValue(tab).toBe("20");
    await shownTasks(tab).toEqual([
      "Read the stock levels: completed 1.3 s",
      "Forecast next week's demand: failed 42 s",
      "Ask three roasters for offers: not run",
      "Negotiate a better price: skipped",
      "Wait for the buyer's approval: not run",
    ]);
    await shownText(tab, "#announcement").toBe("Failed. 1 of 5 tasks done. No forecast, no order");
    await screenshot(tab, "-failed");
    expect(complaints).toEqual([]);
  });

  test("shows that an execution was cancelled, and what that has stopped", async () => {
    const id = await startExecution();
    const tab = await open(`/?id=${id}`);
    const status = running(COMPLETED, RUNNING);
    await publish(id, status);
    await publish(id, ended(ExecutionPhase.EXECUTION_CANCELLED, status, "Not needed any more"));

    await shownText(tab, "#phase").toBe("Cancelled");
    await shownText(tab, "#error").toBe("Not needed any more");
    await shownText(tab, "li:nth-child(2) .when").toMatch(/^stopped/);
    await shownValue(tab).toBe("20");
    expect(complaints).toEqual([]);
  });

  test("says so when the connection is lost, and catches up when it is back", async () => {
    const id = await startExecution();
    await publish(id, running(RUNNING));
    const tab = await open(`/?id=${id}`);
    await shownValue(tab).toBe("0");

    await relay.down();
    await shownText(tab, "#notice").toBe("The connection is lost. Trying again …");
    await screenshot(tab, "-disconnected");
    await publish(id, running(COMPLETED, COMPLETED, RUNNING));
    await relay.up();
    await shownValue(tab).toBe("40");
    await shownText(tab, "#notice").toBe("");

    relay.drop();
    await publish(id, running(COMPLETED, COMPLETED, COMPLETED, RUNNING));
    await shownValue(tab).toBe("60");
    await shownText(tab, "#notice").toBe("");
    // The browser itself notes each request that fails.
    expect(complaints.filter((text) => !text.includes("net::ERR_"))).toEqual([]);
  });

  test("says so when the service does not answer at first, and shows the execution when it does", async () => {
    const id = await startExecution();
    const tab = await open("/");
    await tab.route("**/subscribe", (route) => route.abort("connectionrefused"));
    await tab.goto(`${relay.url}/?id=${id}`);
    await shownText(tab, "#notice").toBe("The service does not answer. Trying again …");
    await tab.unroute("**/subscribe");
    await shownText(tab, "#phase").toBe("Waiting to start");
    await shownText(tab, "#notice").toBe("");
  });

  test.each([
    ["/?id=wex-unknown", "There is no execution wex-unknown. It may have been deleted."],
    ["/?id=aex-1", "“aex-1” is no id of a workflow execution: those start with wex."],
    ["/?id=%3Cb%3Ebold", "“<b>bold” is no id of a workflow execution: those start with wex."],
    ["/", "Name an execution in the address of this page: ?id=wex-…"],
  ])("says in one sentence why there is nothing to see at %s", async (path, sentence) => {
    const tab = await open(path);
    await shownText(tab, "#notice").toBe(sentence);
    await shownText(tab, "#phase").toBe("Not available");
    expect(await tab.getByRole("progressbar").isVisible()).toBe(false);
    expect(complaints).toEqual([]);
  });

  test("says so when the execution is deleted, after its end", async () => {
    const id = await startExecution();
    await publish(id, running(RUNNING));
    const tab = await open(`/?id=${id}`);
    await shownText(tab, "#phase").toBe("Running");
    await commands.delete({ value: id });
    await shownText(tab, "#phase").toBe("Cancelled");
    await tab.reload();
    await shownText(tab, "#notice").toMatch(/^There is no execution/);
    expect(complaints).toEqual([]);
  });

  test("shows text as text, and stays within a narrow window", async () => {
    const name = `<img src=x onerror=alert(1)> ${"supercalifragilistic".repeat(5)}`;
    const id = await startExecution(name);
    const status = running(FAILED);
    Object.assign(status.tasks?.[0] ?? {}, { taskName: name, error: name });
    await publish(id, running(RUNNING));
    await publish(id, ended(ExecutionPhase.EXECUTION_FAILED, status, name));
    const tab = await open(`/?id=${id}`, { viewport: { width: 320, height: 600 } });
    await shownText(tab, "h1").toBe(name);
    await shownText(tab, "li:first-child .error").toBe(name);
    expect(await tab.evaluate("document.documentElement.scrollWidth")).toBe(320);
    expect(complaints).toEqual([]);
  });

  test("is light or dark, as the user's system is", async () => {
    const id = await startExecution();
    await publish(id, running(COMPLETED, RUNNING));
    const colours = [];
    for (const colorScheme of ["light", "dark"] as const) {
      const tab = await open(`/?id=${id}`, { colorScheme, viewport: { width: 390, height: 760 } });
      await shownValue(tab).toBe("20");
      colours.push(await tab.evaluate("getComputedStyle(document.body).backgroundColor"));
      await screenshot(tab, `-${colorScheme}-narrow`);
    }
    expect(new Set(colours).size).toBe(2);
  });

  test("receives neither the token nor a secret", async () => {
    const id = await startExecution();
    await watchToTheEnd(id);
    const received = relay.received().toString("latin1");
    // Not shown by a failing assertion, for it may hold what it must not.
    expect(received.includes("shop-in-vienna")).toBe(true);
    expect(/^content-encoding:/im.test(received)).toBe(false);
    expect(findSecrets(received, [token, apiKey])).toEqual([]);
  });

  test("would receive both from a server without a guard", async () => {
    const adapter = connectNodeAdapter({ routes: service.routes });
    const unguarded = createServer((request, response) => {
      const file = page.files.get(request.url?.replace(/\?.*/, "") ?? "");
      if (file === undefined) adapter(request, response);
      else response.writeHead(200, { "content-type": file.type }).end(file.body);
    });
    unguarded.listen(0, "127.0.0.1");
    await once(unguarded, "listening");
    await relay.stop();
    relay = await startRelay(`http://127.0.0.1:${(unguarded.address() as AddressInfo).port}`);
    try {
      await watchToTheEnd(await startExecution());
      const found = findSecrets(relay.received().toString("latin1"), [token, apiKey]);
      expect(found).toContain("secret 0 as Base64");
      expect(found).toContain("secret 1 as text");
    } finally {
      unguarded.closeAllConnections();
      unguarded.close();
    }
  });

  async function watchToTheEnd(id: string): Promise<void> {
    const tab = await open(`/?id=${id}`);
    await shownText(tab, "#phase").toBe("Waiting to start");
    await publish(id, running(COMPLETED, RUNNING));
    await shownValue(tab).toBe("20");
    relay.drop();
    const all = running(...steps.map(() => COMPLETED));
    await publish(id, ended(ExecutionPhase.EXECUTION_COMPLETED, all));
    await shownText(tab, "#phase").toBe("Completed");
  }

  test("is served by a server that lets nobody write", async () => {
    const id = await startExecution();
    const transport = createConnectTransport({ baseUrl: server.url, httpVersion: "1.1" });
    const viewer = createClient(WorkflowExecutionCommandController, transport);
    await expect(viewer.delete({ value: id })).rejects.toMatchObject({
      code: Code.PermissionDenied,
    });
  });

  test("shows the demo executions in a project that has installed the packed package", async () => {
    const demo = spawn(process.execPath, [project.main], { stdio: ["ignore", "pipe", "inherit"] });
    const exit = once(demo, "exit");
    try {
      let output = "";
      demo.stdout.setEncoding("utf8").on("data", (text) => {
        output += text;
      });
      await expect.poll(() => output, patience).toMatch(/is cancelled +http:.*\n/);
      const endings = ["completed", "failed", "cancelled"];
      await Promise.all(
        endings.map(async (ending) => {
          const tab = await open("/");
          await tab.goto(new RegExp(`http:\\S+/${ending}`).exec(output)?.[0] ?? "");
          await tab.locator("main[data-tone=running]").waitFor();
          await tab.locator(`main[data-tone=${ending}]`).waitFor();
          const id = new URL(tab.url()).searchParams.get("id");
          await expect
            .poll(() => output, patience)
            .toMatch(new RegExp(`^${id}: .* ended: ${ending}$`, "m"));
        }),
      );
    } finally {
      demo.kill("SIGTERM");
      expect(await exit).toEqual([143, null]);
    }
  });

  test("comes from the packed package, without the stubs that it does not use", () => {
    const script = Object.values(page.metafile.outputs).find(
      (file) => file.entryPoint === "main.ts",
    );
    const used = Object.entries(script?.inputs ?? {})
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([path]) => resolve(project.page, path));
    const ours = used.filter((path) => path.includes("/dist/src/") || path.includes("/dist/gen/"));
    expect(ours.filter((path) => path.endsWith("/workflowexecution/v1/query_pb.js"))).toHaveLength(
      1,
    );
    expect(ours.filter((path) => !path.startsWith(project.package))).toEqual([]);
    expect(ours.filter((path) => /command_pb|agentexecution|workflowrunner/.test(path))).toEqual(
      [],
    );
  });
});

function screenshot(tab: Tab, variant = ""): Promise<Buffer> {
  return tab.screenshot({
    path: join(artifacts, `watch-execution${variant}.png`),
    animations: "disabled",
  });
}

async function widthOfBar(tab: Tab): Promise<number> {
  return (await tab.locator("#fill").boundingBox())?.width ?? 0;
}
