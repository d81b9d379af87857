import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import semver from "semver";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { affectedBy } from "../../scripts/gate/affected.js";
import { findBaseline, imageOf } from "../../scripts/gate/baseline.js";
import { lowestVersion } from "../../scripts/gate/release-rule.js";
import { type Checkout, createCheckout } from "./checkout.js";

const spec = "apis/ai/stigmer/agentic/workflowexecution/v1/spec.proto";
const field = "trigger_message = 3;";
/** What is left is a list of one option. */
const redaction = "debug_redact = true,\n    ";

const { version: released, path: image } = findBaseline();
const next = lowestVersion(released, "breaking");

let checkout: Checkout;
beforeEach(() => {
  checkout = createCheckout();
});
afterEach(() => checkout.remove());

interface Step {
  readonly name: string;
  readonly state: "clean" | "findings" | "could-not-run";
  readonly findings?: readonly {
    path: string;
    line?: number;
    rule: string;
    message: string;
    waiver?: string;
  }[];
  readonly advice?: string;
  readonly note?: string;
  readonly error?: string;
}

function gate(...args: string[]) {
  return checkout.run(process.execPath, "scripts/gate.js", ...args);
}

function gateJson(...steps: string[]): { status: number | null; steps: Step[] } {
  const { status, stdout } = gate(...steps, "--format", "json");
  return { status, steps: JSON.parse(stdout).steps };
}

/** The lines of the changelog that would have the findings released. */
function waiversOf(step: Step | undefined): string[] {
  return [...new Set(step?.findings?.map(({ waiver = "" }) => waiver))];
}

/** The rows of the tables of a summary. */
function rowsOf(markdown: string): [what: string, whom: string][] {
  const rows = [...markdown.matchAll(/^\| (?!what|---)(.*) \| (.*) \|$/gm)];
  return rows.map(([, what = "", whom = ""]) => [what, whom]);
}

/** Sets the version of the package and puts a section on top of the changelog. */
function release(version: string, section?: string): void {
  checkout.setVersion(version);
  if (section !== undefined) {
    checkout.edit(
      "CHANGELOG.md",
      `## ${released}`,
      `## ${version} - 2026-12-01\n\n${section}\n\n## ${released}`,
    );
  }
}

describe("the gate", () => {
  it("is clean for the contract as it is", () => {
    expect(gate()).toEqual({
      status: 0,
      stdout:
        "format     clean\nguard      clean\nlint       clean\nbreaking   clean\nhistories  clean\nactivities clean\nstubs      clean\nexports    clean\nderived    clean\nrelease    clean\n",
      stderr: "",
    });
  });

  it("says what broke, where, and what to do", () => {
    checkout.edit(spec, field, "trigger_text = 3;");
    const { status, stdout } = gate("breaking");
    expect(status).toBe(1);
    expect(stdout).toMatch(/^breaking +2 findings$/m);
    expect(stdout).toMatch(new RegExp(`^  ${spec}:\\d+:\\d+: FIELD_SAME_NAME$`, "m"));
    expect(stdout).toContain('changed name from "trigger_message" to "trigger_text"');
    expect(stdout).toContain(`What to do: Undo each, or release it as ${next}: `);
    expect(stdout).toMatch(/What to do: .*CHANGELOG\.md/);
  });

  it("shows findings at their lines in GitHub Actions", () => {
    checkout.edit(spec, redaction, "");
    const { status, stdout } = gate("lint", "breaking", "--format", "github-actions");
    expect(status).toBe(1);
    const lines = stdout.trim().split("\n");
    expect(lines).toHaveLength(2);
    for (const [index, rule] of ["CALLBACK_TOKEN_REDACTED", "REDACTION_KEPT"].entries()) {
      expect(lines[index]).toMatch(
        new RegExp(`^::error file=${spec},line=\\d+,col=3,title=STIGMER_${rule}::Field "callback`),
      );
    }
  });

  it("tells a pull request what breaks for whom and what to do, and little where nothing does", () => {
    expect(gate("lint", "breaking", "--format", "markdown")).toMatchObject({
      status: 0,
      stdout: "**The contract: nothing breaks.**\n",
    });
    checkout.edit(spec, redaction, "");
    checkout.edit(spec, field, "trigger_text = 3;");
    const { status, stdout } = gate("breaking", "--format", "markdown");
    expect(status).toBe(1);
    const cells = rowsOf(stdout).map(([what, whom]) => [/`([A-Z_]+)`/.exec(what)?.[1], whom]);
    expect(new Map(cells as [string, string][])).toEqual(
      new Map([
        ["FIELD_SAME_JSON_NAME", "JSON"],
        ["FIELD_SAME_NAME", "callers in Go, Python, Java and TypeScript, JSON"],
        ["STIGMER_REDACTION_KEPT", "logs, open executions"],
      ]),
    );
    expect(stdout).toContain("To release it: - `WorkflowExecutionSpec.trigger_message`: ");
    expect(stdout).toContain(`**What to do:** Undo each, or release it as ${next}`);
  });

  it("knows whom each break concerns that buf can find", () => {
    const { stdout } = checkout.run(
      "npx",
      "buf",
      "config",
      "ls-breaking-rules",
      "--format",
      "json",
    );
    const ids = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).id);
    expect(ids.length).toBeGreaterThan(50);
    expect(ids.filter((id) => affectedBy(id).length === 0)).toEqual([]);
  });

  it("wants an entry point for every package", () => {
    const folder = join(checkout.folder, "apis/ai/stigmer/agentic/note/v1");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "io.proto"), "");
    expect(gateJson("exports")).toMatchObject({
      status: 1,
      steps: [
        {
          findings: [{ path: "package.json", message: expect.stringContaining('"./note/v1"') }],
        },
      ],
    });
  });

  it("names the files that are not formatted and the stubs that differ", () => {
    checkout.edit(spec, `string ${field}`, `string   ${field}`);
    appendFileSync(join(checkout.folder, "gen/ai/stigmer/commons/apiresource/io_pb.ts"), "//\n");
    expect(gateJson("format", "stubs")).toMatchObject({
      status: 1,
      steps: [
        { name: "format", state: "findings", findings: [{ path: spec, rule: "FORMAT" }] },
        {
          name: "stubs",
          state: "findings",
          findings: [{ path: "gen/ai/stigmer/commons/apiresource/io_pb.ts", rule: "STUBS" }],
          advice: expect.stringContaining("npm run derive"),
        },
      ],
    });
  });

  it("tells what breaks, also where no source that is derived can be made any more", () => {
    const query = "apis/ai/stigmer/agentic/workflowexecution/v1/query.proto";
    checkout.edit(spec, "bytes callback_token = 7", "bytes completion_token = 7");
    rmSync(join(checkout.folder, "apis/ai/stigmer/agentic/workflowrunner"), { recursive: true });
    checkout.edit(query, "rpc subscribe(", "rpc follow(");
    const { status, steps } = gateJson();
    expect(status).toBe(1);
    expect(steps.filter(({ state }) => state === "could-not-run")).toEqual([]);
    const findings = steps.flatMap((step) => step.findings ?? []);
    const rules = new Set(findings.map(({ rule }) => rule));
    for (const rule of ["FIELD_SAME_NAME", "RPC_NO_DELETE", "FILE_NO_DELETE", "STUBS", "DERIVED"]) {
      expect(rules).toContain(rule);
    }
    for (const { path, message } of findings) {
      expect([path, existsSync(join(checkout.folder, path))]).toEqual([path, true]);
      expect(message).not.toContain("google/protobuf");
    }
  });

  it("needs no other program than Node and buf", () => {
    checkout.edit(spec, `string ${field}`, `string   ${field}`);
    const bin = join(checkout.folder, "bin");
    mkdirSync(bin);
    symlinkSync(process.execPath, join(bin, "node"));
    symlinkSync("/bin/sh", join(bin, "sh"));
    const args = ["scripts/gate.js", "format", "lint", "breaking"];
    const { status, stdout } = checkout.run("env", `PATH=${bin}`, process.execPath, ...args);
    expect(stdout).toMatch(/^format +1 finding$/m);
    expect(status).toBe(1);
  });

  it("shows places from the root of the repository, whatever is in its paths, in GitHub Actions", () => {
    const folder = join(checkout.folder, "packages/a,b: 100%");
    mkdirSync(join(folder, ".."), { recursive: true });
    const names = readdirSync(checkout.folder).filter((name) => name !== "packages");
    mkdirSync(folder);
    for (const name of names) renameSync(join(checkout.folder, name), join(folder, name));
    checkout.run("git", "init", "--quiet");
    const path = join("packages/a,b: 100%", spec);
    const place = "file=packages/a%2Cb%3A 100%25/apis/ai/stigmer/agentic/workflowexecution/v1/spec";
    const run = (step: string) =>
      checkout.run(
        process.execPath,
        join(folder, "scripts/gate.js"),
        step,
        "--format",
        "github-actions",
      );

    checkout.edit(path, redaction, "");
    expect(run("breaking").stdout).toMatch(
      new RegExp(`^::error ${place}.proto,line=\\d+,col=3,title=STIGMER_REDACTION_KEPT::Field`),
    );
    checkout.edit(path, `string ${field}`, `string   ${field}`);
    expect(run("format").stdout).toMatch(
      new RegExp(`^::error ${place}.proto,line=\\d+,title=FORMAT::`),
    );
    checkout.edit(path, field, "trigger_message = ;");
    expect(run("lint").stdout).toMatch(
      new RegExp(`^::error ${place}.proto,line=\\d+,col=\\d+,title=lint::apis/ does not compile`),
    );
  });

  it("says what workers of the released version cannot do, and lets it be released", () => {
    const source = "src/temporal/runner/system-activities.ts";
    // Of equal types, in another order.
    checkout.edit(
      source,
      "FailExternalActivity(\n    token: Uint8Array,\n    message: string,\n    executionId?: string,",
      "FailExternalActivity(\n    token: Uint8Array,\n    executionId?: string,\n    message?: string,",
    );
    const { status, steps } = gateJson("activities");
    expect(status).toBe(1);
    const signature = "FailExternalActivity(token, message, executionId?, status?)";
    expect(steps[0]?.findings?.map(({ message }) => message)).toEqual(
      [
        "argument 2 is executionId, and was message",
        "argument 3 is message, and was executionId",
      ].map(
        (what) =>
          `FailExternalActivity: ${what}. Workers of ${released} call and serve ${signature}, for as long as an execution is open.`,
      ),
    );
    expect(steps[0]).toMatchObject({
      findings: [{ path: source, line: 28, rule: "ACTIVITY_CHANGED" }, { path: source }],
      advice: expect.stringContaining("an argument at the end that may be left out"),
    });

    const [line = ""] = waiversOf(steps[0]);
    release(next, `### Breaking\n\n${line}`);
    expect(gateJson("activities")).toMatchObject({ status: 1 });
    checkout.edit("CHANGELOG.md", "what becomes of them", "end them first");
    expect(gateJson("activities")).toMatchObject({ status: 0 });
  });

  it("names what else is derived and differs", () => {
    checkout.edit("src/redaction/redact.ts", "safe to show", "safe to print");
    appendFileSync(join(checkout.folder, "test/secret-fields.json"), "\n");
    expect(gateJson("derived")).toMatchObject({
      status: 1,
      steps: [
        {
          findings: ["test/secret-fields.json", "docs/reference/api/redaction.md"].map((path) => ({
            path,
            rule: "DERIVED",
            message: expect.stringContaining("differs from what"),
          })),
          advice: expect.stringContaining("npm run derive"),
        },
      ],
    });
  });

  it("lets an addition pass without a new version", () => {
    checkout.edit(
      spec,
      `string ${field}`,
      `string ${field}\n  // A note.\n  string added_by_a_test = 900;`,
    );
    expect(gateJson("lint", "breaking", "release")).toMatchObject({
      status: 0,
      steps: [{ state: "clean" }, { state: "clean" }, { state: "clean" }],
    });
  });

  it("lets a breaking change pass with a breaking version whose changelog has its line", () => {
    checkout.edit(spec, field, "trigger_text = 3;");
    const [line = ""] = waiversOf(gateJson("breaking").steps[0]);
    expect(line).toMatch(/^- `WorkflowExecutionSpec\.trigger_message`: `FIELD_SAME_JSON_NAME`, /);
    release(next, `### Breaking\n\n${line}`);
    const { status, steps } = gateJson("breaking", "release");
    expect(steps).toMatchObject([{ state: "clean" }, { state: "clean" }]);
    const element = "WorkflowExecutionSpec.trigger_message";
    expect(steps[0]?.note).toBe(
      `2 breaking changes since ${released}, to be released as ${next}: ${element} FIELD_SAME_JSON_NAME, ${element} FIELD_SAME_NAME`,
    );
    expect(status).toBe(0);
  });

  it("reports a rule that has become stricter, and notes one that has become looser", () => {
    // The release has no rules yet.
    const args = ["buf", "build", "apis", "--exclude-source-info", "--output", image];
    expect(checkout.run("npx", ...args)).toMatchObject({ status: 0 });
    checkout.edit(
      "apis/ai/stigmer/agentic/workflowrunner/v1/io.proto",
      "min_len = 1",
      "min_len = 2",
    );
    checkout.edit(spec, "max_len = 8192", "max_len = 16384");
    const [found] = gateJson("breaking").steps;
    expect(found?.findings?.map(({ rule }) => rule)).toEqual(["STIGMER_VALIDATION_NOT_STRICTER"]);
    const looser = `looser rules than in ${released}, so that who reads by those refuses some of what is valid now: WorkflowExecutionSpec.callback_token at ${spec}:`;
    expect(found?.note?.replace(/\d+$/, "")).toBe(looser);
    release(next, `### Breaking\n\n${waiversOf(found).join("\n")}`);
    const { status, steps } = gateJson("breaking");
    expect({ status, state: steps[0]?.state }).toEqual({ status: 0, state: "clean" });
    expect(steps[0]?.note).toContain(
      `to be released as ${next}: WorkflowExecuteInput.workflow_execution_id STIGMER_VALIDATION_NOT_STRICTER; looser rules`,
    );
  });

  it("stops a further break of an element that the changelog names for another", () => {
    checkout.edit(spec, "bytes callback_token = 7", "optional bytes callback_token = 7");
    const waivers = waiversOf(gateJson("breaking").steps[0]);
    release(next, `### Breaking\n\n${waivers.join("\n")}`);
    expect(gateJson("breaking")).toMatchObject({ status: 0, steps: [{ state: "clean" }] });
    checkout.edit(spec, "optional bytes callback_token = 7", "optional bytes callback_token = 8");
    const [step] = gateJson("breaking").steps;
    expect(step?.findings?.map(({ rule }) => rule).sort()).toEqual(
      expect.arrayContaining(["STIGMER_CALLBACK_TOKEN_NOT_MOVED"]),
    );
  });

  it.each([
    ["a moved token", "bytes callback_token = 7", "bytes callback_token = 8"],
    ["a lost redaction", redaction, ""],
  ])("releases %s only with a word on open executions and stored bytes", (_, from, to) => {
    checkout.edit(spec, from, to);
    const lines = waiversOf(gateJson("breaking").steps[0]);
    release(next, `### Breaking\n\n${lines.join("\n")}`);
    expect(gateJson("breaking")).toMatchObject({ status: 1, steps: [{ state: "findings" }] });
    const answered = lines.map((line) => line.replaceAll("what becomes of them", "they go on"));
    for (const [index, line] of lines.entries()) {
      checkout.edit("CHANGELOG.md", line, answered[index] ?? "");
    }
    expect(gateJson("breaking")).toMatchObject({ status: 0, steps: [{ state: "clean" }] });
  });

  it("wants the package of a name that stands in several", () => {
    checkout.edit(
      "apis/ai/stigmer/agentic/workflowexecution/v1/enum.proto",
      "EXECUTION_FAILED = 4;",
      "EXECUTION_BROKEN = 4;",
    );
    const [line = ""] = waiversOf(gateJson("breaking").steps[0]);
    const name = "ai.stigmer.agentic.workflowexecution.v1.EXECUTION_FAILED";
    expect(line).toContain(`- \`${name}\`: \``);
    release(next, `### Breaking\n\n${line.replace(name, "EXECUTION_FAILED")}`);
    expect(gateJson("breaking")).toMatchObject({ status: 1, steps: [{ state: "findings" }] });
    checkout.edit("CHANGELOG.md", "- `EXECUTION_FAILED`", `- \`${name}\``);
    expect(gateJson("breaking")).toMatchObject({ status: 0, steps: [{ state: "clean" }] });
  });

  it.each([
    [next, undefined, `CHANGELOG.md has no section for version ${next}.`],
    ["0.0.9", undefined, `The version is 0.0.9, lower than ${released}, which has been released.`],
  ])("refuses version %s with the changelog %j", (version, section, message) => {
    checkout.edit(spec, field, "trigger_text = 3;");
    release(version, section);
    const { status, steps } = gateJson("release");
    expect(status).toBe(1);
    expect(steps[0]?.findings).toHaveLength(1);
    expect(steps[0]?.findings?.[0]?.message).toContain(message);
  });

  it("does not take a patch version for a breaking one", () => {
    checkout.edit(spec, field, "trigger_text = 3;");
    release(
      semver.inc(released, "patch") ?? "",
      "### Breaking\n\n- `WorkflowExecutionSpec.trigger_message` is renamed.",
    );
    expect(gateJson("breaking")).toMatchObject({ status: 1, steps: [{ state: "findings" }] });
  });

  it("goes on with the other steps when one cannot run, and exits with 2", () => {
    rmSync(join(checkout.folder, "baseline"), { recursive: true });
    const { status, steps } = gateJson("breaking", "format");
    expect(status).toBe(2);
    expect(steps).toMatchObject([
      { state: "could-not-run", error: expect.stringContaining("baseline") },
      { state: "clean" },
    ]);
  });

  it("cannot run on protos that do not compile, and names the place", () => {
    checkout.edit(spec, field, "trigger_message = ;");
    const { status, steps } = gateJson("lint", "breaking", "stubs");
    expect(status).toBe(2);
    for (const step of steps) {
      expect(step).toMatchObject({ state: "could-not-run", error: expect.stringContaining(spec) });
    }
  });

  it("names a deleted enum value as it was called", () => {
    checkout.edit(
      "apis/ai/stigmer/agentic/workflowexecution/v1/enum.proto",
      "  WORKFLOW_TASK_SKIPPED = 5;\n",
      "",
    );
    const [line] = waiversOf(gateJson("breaking").steps[0]);
    expect(line).toMatch(/^- `WORKFLOW_TASK_SKIPPED`: `ENUM_VALUE_NO_DELETE`/);
  });

  it.each([
    [
      ["everything"],
      /expected a step of format, guard, lint, breaking, histories, activities, stubs, exports, derived, release; got "everything"/,
    ],
    [["--format", "xml"], /expected --format text, json, markdown, github-actions; got "xml"/],
    [["--fast"], /--fast/],
  ])("refuses %j with one clear sentence", (args, message) => {
    const { status, stdout, stderr } = gate(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ +at /m);
  });
});

describe("what the gate goes by", () => {
  const identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"];

  const git = (...args: string[]) => {
    const { status, stderr } = checkout.run("git", ...identity, ...args);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  };
  const commit = () => {
    git("add", "--all");
    git("commit", "--quiet", "--message", "change");
  };
  /** Makes the contract as it is the baseline, in place of the one that there is. */
  const makeBaseline = (path: string) => {
    rmSync(join(checkout.folder, image));
    mkdirSync(join(checkout.folder, path, ".."), { recursive: true });
    const args = ["buf", "build", "apis", "--exclude-source-info", "--output", path];
    expect(checkout.run("npx", ...args)).toMatchObject({ status: 0 });
  };
  const inPullRequest = (...steps: string[]) => {
    const command = ["scripts/gate.js", ...steps, "--format", "json"];
    const { stdout } = checkout.run("env", "GITHUB_BASE_REF=main", process.execPath, ...command);
    return (JSON.parse(stdout) as { steps: Step[] }).steps;
  };
  const rulesOf = (steps: readonly Step[]) =>
    steps.flatMap(({ findings = [] }) => findings.map(({ rule }) => rule));

  beforeEach(() => {
    git("init", "--quiet", "--initial-branch", "change");
    writeFileSync(join(checkout.folder, ".gitignore"), "/build\n/dist\n/node_modules\n");
    commit();
    git("update-ref", "refs/remotes/origin/main", "HEAD");
  });

  it("is not made anew in the change that it is to check", () => {
    expect(rulesOf(inPullRequest("guard", "breaking"))).toEqual([]);
    checkout.edit(spec, field, "trigger_text = 3;");
    makeBaseline(image);
    commit();
    expect(rulesOf(gateJson("guard").steps)).toEqual([]);
    expect(rulesOf(inPullRequest("guard"))).toEqual(["BASELINE_CHANGED"]);
    git("tag", `v${released}`, "HEAD~1");
    expect(rulesOf(gateJson("guard").steps)).toEqual(["BASELINE_CHANGED"]);
  });

  it("keeps the histories of what was released", () => {
    const folder = `baseline/${released}/histories`;
    const [changed = "", gone = ""] = readdirSync(join(checkout.folder, folder));
    appendFileSync(join(checkout.folder, folder, changed), "\n");
    rmSync(join(checkout.folder, folder, gone));
    writeFileSync(join(checkout.folder, folder, "added.json.gz"), "");
    expect(inPullRequest("guard")[0]?.findings).toMatchObject([
      {
        rule: "BASELINE_CHANGED",
        message: `${folder}/${changed} is not what it is in origin/main.`,
      },
      { rule: "BASELINE_CHANGED", message: `${folder}/${gone} is not what it is in origin/main.` },
    ]);
  });

  it("is what a release replaces, too", () => {
    checkout.edit(spec, field, "trigger_text = 3;");
    makeBaseline(imageOf(next));
    release(next, "- Faster.");
    commit();
    const steps = inPullRequest("guard", "breaking");
    expect(rulesOf(steps)).toEqual(["FIELD_SAME_JSON_NAME", "FIELD_SAME_NAME"]);
    const lines = waiversOf(steps[1]).join("\n");
    checkout.edit("CHANGELOG.md", "- Faster.", `### Breaking\n\n${lines}`);
    expect(rulesOf(inPullRequest("guard", "breaking", "release"))).toEqual([]);
  });

  it.each([
    ["- FILE", "- WIRE", "buf.yaml no longer uses FILE in breaking, unlike in origin/main."],
    [
      "  use:\n    - FILE",
      "  except: [FIELD_SAME_NAME]\n  use:\n    - FILE",
      "adds FIELD_SAME_NAME",
    ],
    ["    - COMMENTS\n", "", "no longer uses COMMENTS in lint"],
    [
      "    - third_party/protovalidate\n",
      "    - third_party/protovalidate\n    - apis/ai/stigmer/commons\n",
      "to ignore of lint",
    ],
    [
      "dist/buf-plugin-stigmer.js]\n",
      "dist/buf-plugin-stigmer.js]\n    options: { plain_names: [api_key] }\n",
      "adds api_key to plain_names of the plugin sh,dist/buf-plugin-stigmer.js",
    ],
  ])("is not weakened: %j to %j", (from, to, message) => {
    checkout.edit("buf.yaml", from, to);
    expect(inPullRequest("guard")).toMatchObject([
      {
        findings: [
          { path: "buf.yaml", rule: "RULES_WEAKENED", message: expect.stringContaining(message) },
        ],
      },
    ]);
  });

  it("is not weakened by a name of a secret that its plugin is no longer told", () => {
    const plugin = "dist/buf-plugin-stigmer.js]\n";
    const options = "    options: { secret_names: [pin, recovery_code] }\n";
    checkout.edit("buf.yaml", plugin, `${plugin}${options}`);
    expect(rulesOf(inPullRequest("guard"))).toEqual([]);
    commit();
    git("update-ref", "refs/remotes/origin/main", "HEAD");
    checkout.edit("buf.yaml", "[pin, recovery_code]", "[recovery_code]");
    expect(inPullRequest("guard")).toMatchObject([
      { findings: [{ message: expect.stringContaining("no longer uses pin in secret_names of") }] },
    ]);
  });

  it("cannot be had without the history, which is said", () => {
    git("update-ref", "-d", "refs/remotes/origin/main");
    expect(inPullRequest("guard")).toMatchObject([
      { state: "could-not-run", error: expect.stringContaining("fetch-depth: 0") },
    ]);
  });
});
