import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { ApiResourceOwnerScope } from "@stigmer/apis/apiresource";
import {
  WorkflowExecutionCommandController,
  WorkflowExecutionQueryController,
} from "@stigmer/apis/workflowexecution/v1";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../support/free-port.js";
import {
  filesOf,
  importsOf,
  installsOf,
  promised,
  readPage,
  readPages,
  root,
} from "./pages/page.js";
import { peersOf } from "./pages/peers.js";
import { openProjects, type Projects } from "./pages/project.js";

const pages = readPages();

/** The files of pages that need more to run than Node alone, and the test that runs them. */
const runBy: Readonly<Record<string, string>> = {
  "docs/bytes-and-redaction.md server.ts": "test/docs/pages.test.ts",
  "docs/gate.md .github/workflows/protos.yaml": "test/docs/gate.test.ts",
  "docs/gate.md .gitlab-ci.yml": "test/docs/gate.test.ts",
  "docs/gate.md buf.yaml": "test/docs/gate.test.ts",
  "docs/java.md pom.xml": "test/codegen/pages/java.test.ts",
  "docs/java.md src/main/java/Connections.java": "test/codegen/pages/java.test.ts",
  "docs/java.md src/main/java/Runner.java": "test/codegen/pages/java.test.ts",
  "docs/java.md src/main/java/Caller.java": "test/codegen/pages/java.test.ts",
  "docs/metrics.md telemetry.ts": "test/temporal/temporal-meter.system.test.ts",
  "docs/modules-and-tools.md tsconfig.json": "test/docs/pages/project.ts",
  "docs/operating.md prometheus.yaml": "test/docs/operating.test.ts",
  "docs/python.md connections.py": "test/codegen/pages/python.test.ts",
  "docs/python.md caller_workflows.py": "test/codegen/pages/python.test.ts",
  "docs/python.md caller.py": "test/codegen/pages/python.test.ts",
  "docs/python.md runner_workflows.py": "test/codegen/pages/python.test.ts",
  "docs/python.md runner.py": "test/codegen/pages/python.test.ts",
  "docs/open-handshakes.md count.ts": "test/docs/open-handshakes.system.test.ts",
  "docs/temporal.md caller-workflows.ts": "test/docs/temporal.system.test.ts",
  "docs/temporal.md caller.ts": "test/docs/temporal.system.test.ts",
  "docs/temporal.md runner-workflows.ts": "test/docs/temporal.system.test.ts",
  "docs/temporal.md runner.ts": "test/docs/temporal.system.test.ts",
  "docs/tracing.md tracing.ts": "test/docs/tracing.system.test.ts",
  "docs/tracing.md without-heartbeats.ts": "test/docs/tracing.system.test.ts",
  "docs/tracing.md trace-calls.ts": "test/docs/tracing.system.test.ts",
  "docs/tracing.md caller.ts": "test/docs/tracing.system.test.ts",
  "docs/tracing.md dispatcher.ts": "test/docs/tracing.system.test.ts",
  "docs/tracing.md service.ts": "test/docs/tracing.system.test.ts",
  "docs/tracing.md runner.ts": "test/docs/tracing.system.test.ts",
  "docs/your-own-protos.md buf.gen.yaml": "test/docs/pages/project.ts",
  "docs/your-own-protos.md buf.yaml": "test/docs/your-own-protos.test.ts",
  "docs/your-own-protos.md proto/acme/orders/v1/order.proto": "test/docs/your-own-protos.test.ts",
};

/**
 * Blocks of shell, and where they are run: a file, and what is in it. Those of npm install are run by
 * test/consumers/install-lines.test.ts.
 */
const shell: Readonly<Record<string, readonly [file: string, text: string]>> = {
  "CALLER_METRICS_ADDRESS=127.0.0.1:9464 RUNNER_METRICS_ADDRESS=127.0.0.1:9465 npm run handshake -- --temporal":
    ["test/examples/handshake-temporal.system.test.ts", "RUNNER_METRICS_ADDRESS"],
  "mvn compile\nmvn exec:java -Dexec.mainClass=Caller\nmvn exec:java -Dexec.mainClass=Runner": [
    "test/codegen/pages/follow-java.ts",
    "runs.find",
  ],
  "npm ci && npm run handshake": [".ci/run", "step npm run handshake"],
  "npm ci && npm test": [".ci/run", "npm test"],
  "npm run gate -- breaking": ["test/docs/gate.test.ts", '"npm run gate -- breaking"'],
  "npm run release -- --dry-run": ["test/docs/gate.test.ts", '"npm run release -- --dry-run"'],
  "pip install temporalio==1.35.0": ["test/codegen/pages/follow-python.ts", "[install.trim()]"],
  "python3 caller.py\npython3 runner.py": ["test/codegen/pages/follow-python.ts", "runs.split"],
  'npx buf lint\nnpx buf breaking --against ".git#commit=$(git merge-base origin/main HEAD)"': [
    "test/docs/gate.test.ts",
    '"npx buf breaking --against"',
  ],
  'npx buf lint packages/protos\nnpx buf breaking packages/protos --against ".git#commit=$(git merge-base origin/main HEAD),subdir=packages/protos"':
    ["test/docs/gate.test.ts", '"npx buf breaking packages/protos"'],
  "temporal worker deployment set-current-version --deployment-name runners --build-id 2.0 --yes": [
    "test/temporal/versions/worker-versioning.test.ts",
    'runBlock("set-current-version")',
  ],
  "temporal worker deployment describe-version --deployment-name runners --build-id 1.0 --output json":
    ["test/temporal/versions/worker-versioning.test.ts", 'runBlock("describe-version")'],
  'temporal workflow update-options --yes --query \'TemporalWorkerDeploymentVersion = "runners:1.0" AND ExecutionStatus = "Running"\' --versioning-override-behavior pinned --versioning-override-deployment-name runners --versioning-override-build-id 2.0':
    ["test/temporal/versions/worker-versioning.test.ts", 'runBlock("update-options")'],
  ...ofOpenHandshakes(
    'npx stigmer-handshakes --service "$SERVICE_URL"',
    'npx stigmer-handshakes --service "$SERVICE_URL" --json',
    `npx stigmer-handshakes --service "$SERVICE_URL" --query 'WorkflowType = "fulfilOrder"' --older-than 1h --limit 100`,
  ),
  "npx buf generate": ["test/docs/pages/project.ts", '"npx buf generate"'],
  'git worktree add --detach before "$(git merge-base origin/main HEAD)"\nln -s ../node_modules before/node_modules\nnpx buf breaking --against before':
    ["test/docs/your-own-protos.test.ts", "npx buf breaking"],
  "temporal activity complete --workflow-id order-A-1001 --activity-id 1 --result null": [
    "test/docs/operating.system.test.ts",
    'commandOf("activity complete")',
  ],
  'temporal activity fail --workflow-id order-A-1001 --activity-id 1 --reason "the runner is gone"':
    ["test/docs/operating.system.test.ts", 'commandOf("activity fail")'],
  "temporal workflow describe --workflow-id order-A-1001": [
    "test/docs/operating.system.test.ts",
    'commandOf("workflow describe")',
  ],
  'temporal workflow reset --workflow-id order-A-1001 --type LastWorkflowTask --reason "another token"':
    ["test/docs/operating.system.test.ts", 'commandOf("another token")'],
  'temporal workflow reset --workflow-id order-A-1001 --type LastWorkflowTask --reason "asks anew"':
    ["test/docs/operating.system.test.ts", 'commandOf("asks anew")'],
  "temporal workflow signal --workflow-id order-A-1001 --name another-task": [
    "test/docs/operating.system.test.ts",
    'commandOf("workflow signal")',
  ],
};

function ofOpenHandshakes(...commands: string[]) {
  const place = ["test/docs/open-handshakes.system.test.ts", 'startsWith("npx ")'] as const;
  return Object.fromEntries(commands.map((command) => [command, place]));
}

/** The output and the drawings of pages, and the test that holds them to what they show. */
const shown: Readonly<Record<string, string>> = {
  "README.md mermaid": "none: it draws what test/handshake tests",
  "docs/architecture.md mermaid": "test/docs/architecture.test.ts",
  "docs/gate.md text": "test/docs/gate.test.ts",
  "docs/tracing.md mermaid": "test/docs/tracing.system.test.ts",
  "docs/open-handshakes.md text": "test/docs/open-handshakes.system.test.ts",
};

const programs = pages.flatMap((page) =>
  [...filesOf(page)]
    .filter(([file]) => runBy[`${page.path} ${file}`] === undefined)
    .map(([file, code]) => ({ page: page.path, file, code })),
);

let projects: Projects;
const followed = new Map<string, string>();
beforeAll(() => {
  projects = openProjects();
  for (const page of pages) {
    if (filesOf(page).size > 0) followed.set(page.path, projects.follow(page));
  }
});
afterAll(() => projects?.remove());

/** The project of a reader of a page, in which all of the page's files have compiled. */
function projectOf(page: string): string {
  return followed.get(page) ?? "";
}

describe("the pages", () => {
  test.each(programs)("$page: $file prints what it says", ({ page, file, code }) => {
    const path = file.endsWith(".ts") ? `dist/${file.replace(/\.ts$/, ".js")}` : file;
    const output = execFileSync(process.execPath, [path], {
      cwd: projectOf(page),
      encoding: "utf8",
    });
    // Of a token that was drawn by lot.
    const comparable = (text: string) => text.replaceAll(/sha256:[0-9a-f]{8}/g, "sha256:…");
    expect(comparable(output)).toBe(comparable(promised(code)));
  });

  test("have programs, each with its results", () => {
    expect(programs.length).toBeGreaterThan(8);
    const results = programs.map(({ code }) => promised(code)).filter((text) => text !== "");
    expect(results.length).toBeGreaterThan(6);
  });

  test.each(pages)("$path installs what it imports, and no more", (page) => {
    const code = [...filesOf(page)].filter(([file]) => /\.c?[jt]s$/.test(file));
    const named = installsOf(page).filter(({ line }) => !line.includes("--save-dev"));
    if (code.length === 0) return expect(named).toEqual([]);
    const text = code.map(([, part]) => part).join("\n");
    expect(named).toHaveLength(1);
    const installed = named.flatMap(({ packages }) => packages);
    // A project has both from the first page on.
    // Package managers such as pnpm and Yarn give a package no peer that a project has not named.
    const needed = [...importsOf(text), ...peersOf(text)];
    const expected = new Set(["@bufbuild/protobuf", "@stigmer/apis", ...needed]);
    expect(installed.sort()).toEqual([...expected].sort());
  });

  test("have no block that is run nowhere", () => {
    for (const { path, blocks } of pages) {
      for (const { language, text, file } of blocks) {
        const at = `${path}: ${language}\n${text}`;
        if (language === "sh") {
          if (/^npm install .+\n(?:npm install .+\n)*$/.test(text)) continue;
          const [test = "", part = ""] = shell[text.trimEnd()] ?? [];
          expect(test, at).not.toBe("");
          expect(readFileSync(join(root, test), "utf8"), at).toContain(part);
        } else if (["mermaid", "text"].includes(language)) {
          expect(shown, at).toHaveProperty([`${path} ${language}`]);
        } else if (language !== "ts") {
          expect(["java", "js", "json", "proto", "python", "xml", "yaml"], at).toContain(language);
          expect(file, at).toBeDefined();
        }
      }
    }
    for (const [name, test] of Object.entries(runBy)) {
      const [page = "", file = ""] = name.split(" ");
      expect(filesOf(readPage(page)), name).toHaveProperty("size");
      expect(filesOf(readPage(page)).has(file), name).toBe(true);
      expect(existsSync(join(root, test)), test).toBe(true);
    }
  });

  test("name scripts that the package has", () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const named = pages.flatMap(({ text }) => [...text.matchAll(/npm run ([\w:-]+)/g)]);
    expect(named.length).toBeGreaterThan(10);
    for (const [, script = ""] of named) expect(scripts).toHaveProperty([script]);
  });

  test("name paths of the repository that are there", () => {
    const folders = /`((?:apis|baseline|codegen|docs|examples|gen|src|test)\/[\w./-]*)`/g;
    const named = pages.flatMap((page) => {
      const paths = [...page.text.matchAll(folders)].map(([, path = ""]) => path);
      // Not those of a reader's own project.
      return paths.filter((path) => !filesOf(page).has(path));
    });
    expect(named.length).toBeGreaterThan(5);
    for (const path of named) expect(existsSync(join(root, path)), path).toBe(true);
  });

  test("name every code of an error, and no other", () => {
    const { text } = readPage("docs/handshake.md");
    const types = {
      CallbackTokenError: "src/token/callback-token-error.ts",
      HandshakeError: "src/handshake/handshake-error.ts",
      ValidationError: "src/validation/validation-error.ts",
      WireError: "src/wire/wire-error.ts",
    };
    for (const [name, file] of Object.entries(types)) {
      const [, union = ""] =
        /ErrorCode =([^;]+);/.exec(readFileSync(join(root, file), "utf8")) ?? [];
      const codes = [...union.matchAll(/"([\w-]+)"/g)].map(([, code]) => code);
      const [, row = ""] = new RegExp(`^\\| \`${name}\` \\| (.+) \\|$`, "m").exec(text) ?? [];
      const listed = row.replaceAll(/\([^)]*\)/g, "").matchAll(/`([\w-]+)`/g);
      expect([...listed].map(([, code]) => code).sort(), name).toEqual(codes.sort());
    }
  });
});

test("docs/bytes-and-redaction.md: server.ts hides the token from a viewer only", async () => {
  const key = "key-of-the-runner";
  const port = await freePort();
  const server = spawn(process.execPath, ["dist/server.js"], {
    cwd: projectOf("docs/bytes-and-redaction.md"),
    env: { ...process.env, PORT: String(port), RUNNER_KEY: key },
    stdio: "ignore",
  });
  try {
    const baseUrl = `http://127.0.0.1:${port}`;
    const clients = (authorization: string) => {
      const transport = createGrpcTransport({
        baseUrl,
        interceptors: [
          (next) => (call) => {
            call.header.set("authorization", authorization);
            return next(call);
          },
        ],
      });
      return {
        commands: createClient(WorkflowExecutionCommandController, transport),
        queries: createClient(WorkflowExecutionQueryController, transport),
      };
    };
    const [runner, viewer] = [clients(key), clients("")];
    await expect
      .poll(() => viewer.queries.list({}).then(() => "listens", String), { timeout: 10_000 })
      .toBe("listens");
    await viewer.commands.create({
      apiVersion: "agentic.stigmer.ai/v1",
      kind: "WorkflowExecution",
      metadata: { id: "wex-1", ownerScope: ApiResourceOwnerScope.organization },
      spec: { workflowId: "wfl-1", callbackToken: new Uint8Array(132) },
    });
    const lengthFor = async ({ queries }: typeof runner) =>
      (await queries.get({ value: "wex-1" })).spec?.callbackToken.length;
    expect(await lengthFor(runner)).toBe(132);
    expect(await lengthFor(viewer)).toBe(0);
  } finally {
    server.kill();
    await once(server, "exit");
  }
});
