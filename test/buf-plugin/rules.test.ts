import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rules } from "../../src/buf-plugin/rules/index.js";
import {
  type Annotation,
  annotationsOf,
  bufPath,
  bufYaml,
  pluginPath,
  type Result,
  root,
  run,
} from "./run.js";

const folder = fileURLToPath(new URL("rules", import.meta.url));
const folders = readdirSync(folder).sort();

// The protos of all folders side by side, so that one start of buf checks them all.
const project = mkdtempSync(join(tmpdir(), "buf-plugin-stigmer-"));
for (const name of folders) {
  for (const part of readdirSync(join(folder, name))) {
    if (part === "expected.txt") continue;
    cpSync(join(folder, name, part), join(project, part, name), { recursive: true });
  }
}
// What the protos of some import.
for (const part of ["before", "after"]) {
  cpSync(join(root, "third_party/protovalidate"), join(project, part), { recursive: true });
}
const against = ["--against", "../before", "--against-config", '{"version":"v2"}'];

afterAll(() => rmSync(project, { recursive: true, force: true }));

/** The id of the rule that a folder of protos tests. */
function idOf(name: string): string {
  return `STIGMER_${name.replaceAll("-", "_").toUpperCase()}`;
}

/** `file:line:column RULE_ID`, as in expected.txt. */
function lineOf({ path, start_line, start_column, type }: Annotation): string {
  return `${path}:${start_line}:${start_column} ${type}`;
}

function expectedOf(name: string): string[] {
  return readFileSync(join(folder, name, "expected.txt"), "utf8")
    .trimEnd()
    .split("\n");
}

describe.each([
  { plugin: "the plugin", path: pluginPath },
  { plugin: "the plugin with more rules", path: withMoreRules() },
])("$plugin", ({ path }) => {
  let found: Record<"lint" | "breaking", Result>;

  beforeAll(async () => {
    const json = ["--error-format", "json", "--config", bufYaml(undefined, ["node", path])];
    const [lint, breaking] = await Promise.all([
      run(bufPath, ["lint", ".", ...json], { cwd: join(project, "proto") }),
      run(bufPath, ["breaking", ".", ...against, ...json], { cwd: join(project, "after") }),
    ]);
    found = { lint, breaking };
  });

  test.each(folders)("finds in the protos of %s what its expected.txt says", (name) => {
    const isLint = existsSync(join(folder, name, "proto"));
    const all = isLint ? found.lint : found.breaking;
    expect(all.stderr).toBe("");
    expect(all.code).toBe(100);
    // Of its rule only, so that the protos of a rule are no other one's affair.
    const findings = annotationsOf(all)
      .filter(({ path, type }) => path.startsWith(`${name}/`) && type === idOf(name))
      .map((finding) => ({ ...finding, path: finding.path.slice(name.length + 1) }));
    // An indented line is the message of the finding above it.
    const expected = expectedOf(name);
    const lines = expected.filter((line) => !line.startsWith(" "));
    expect(findings.map(lineOf).sort()).toEqual(lines.sort());
    const messages = expected.filter((line) => line.startsWith(" ")).map((line) => line.trim());
    expect(messages.length).toBeGreaterThan(0);
    expect(findings.map(({ message }) => message)).toEqual(expect.arrayContaining(messages));
  });

  test.each(["lint", "breaking"] as const)(
    "buf %s has findings of other rules if there are any",
    (command) => {
      const types = annotationsOf(found[command]).map(({ type }) => type);
      const more = `STIGMER_MORE_${command.toUpperCase()}`;
      expect(types.includes(more)).toBe(path !== pluginPath);
    },
  );
});

/** The plugin with a rule for either command that reports every field. Returns its path. */
function withMoreRules(): string {
  cpSync(join(root, "dist/src"), join(project, "dist/src"), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
  writeFileSync(join(project, "package.json"), '{"type":"module"}');
  const plugin = join(project, "dist/src/buf-plugin");
  renameSync(join(plugin, "rules/index.js"), join(plugin, "rules/others.js"));
  writeFileSync(
    join(plugin, "rules/index.js"),
    `import { fieldsOf } from "../descriptors.js";
    import { rules as others } from "./others.js";
    export const rules = [...others, ...["lint", "breaking"].map((type) => ({
      id: \`STIGMER_MORE_\${type.toUpperCase()}\`,
      purpose: "Checks that there is no field.",
      type,
      *check(files) {
        for (const at of fieldsOf(files)) yield { at, message: "There is a field." };
      },
    }))];
    `,
  );
  return join(plugin, "main.js");
}

describe("every rule", () => {
  test("has an id and a purpose that buf accepts", () => {
    for (const { id, purpose } of rules) {
      expect(id).toMatch(/^STIGMER_[A-Z0-9_]*[A-Z0-9]$/);
      expect(purpose).toMatch(/^[A-Z].*[.]$/);
    }
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  });

  test("has a file and a folder of test protos, and the folder reports it", () => {
    const files = readdirSync(`${root}src/buf-plugin/rules`).map((file) => basename(file, ".ts"));
    expect(folders).toEqual(files.filter((name) => name !== "index").sort());
    const types = new Map(rules.map(({ id, type }) => [id, type]));
    expect([...types.keys()].sort()).toEqual(folders.map(idOf).sort());
    for (const name of folders) {
      const id = idOf(name);
      expect(readFileSync(join(folder, name, "expected.txt"), "utf8")).toContain(` ${id}\n`);
      const protos = types.get(id) === "lint" ? "proto" : "before";
      expect(existsSync(join(folder, name, protos))).toBe(true);
    }
  });

  test.each([
    { command: "ls-lint-rules", type: "lint" },
    { command: "ls-breaking-rules", type: "breaking" },
  ])("is shown by buf config $command as from the plugin", async ({ command, type }) => {
    const args = ["config", command, "--configured-only", "--format", "json"];
    const shown = await run(bufPath, [...args, "--config", bufYaml()], { cwd: project });
    expect(shown.stderr).toBe("");
    const expected = rules
      .filter((rule) => rule.type === type)
      .map(({ id, purpose, isOptional = false }) => ({
        id,
        purpose,
        plugin: "node",
        default: !isOptional,
        categories: isOptional ? [] : ["STIGMER"],
      }));
    const rows = shown.stdout.toString().trim().split("\n");
    const shownRules = rows.map((row) => {
      const { id, purpose, plugin, default: isDefault, categories } = JSON.parse(row);
      return { id, purpose, plugin, default: isDefault, categories };
    });
    expect(shownRules.sort((a, b) => a.id.localeCompare(b.id))).toEqual(
      expected.sort((a, b) => a.id.localeCompare(b.id)),
    );
  });
});

test("a file that is only imported is looked up, not reported", async () => {
  const name = "spec-status-separate";
  const json = ["--error-format", "json", "--config", bufYaml([idOf(name)])];
  const args = ["lint", ".", "--path", `${name}/separate.proto`, ...json];
  const findings = annotationsOf(await run(bufPath, args, { cwd: join(project, "proto") }));
  expect(new Set(findings.map(({ path }) => path))).toEqual(new Set([`${name}/separate.proto`]));
  const messages = findings.map(({ message }) => message).join();
  expect(messages).toContain('message "PartStatus"');
});

test("buf.yaml can except rules, and ignore another for a file", async () => {
  const tokenType = "STIGMER_CALLBACK_TOKEN_TYPE";
  const config = {
    ...JSON.parse(bufYaml()),
    lint: {
      use: ["STIGMER"],
      except: rules
        .filter(({ id, type }) => type === "lint" && id !== tokenType)
        .map(({ id }) => id),
      ignore_only: { [tokenType]: ["callback-token-type/type.proto"] },
    },
  };
  const paths = ["callback-token-type", "resource-field-numbers", "spec-status-separate"];
  const args = ["lint", ".", "--error-format", "json", "--config", JSON.stringify(config)];
  const result = await run(bufPath, [...args, ...paths.flatMap((path) => ["--path", path])], {
    cwd: join(project, "proto"),
  });
  expect(annotationsOf(result).map(lineOf).sort()).toEqual(
    expectedOf("callback-token-type")
      .filter((line) => /^(?:legacy|other)\.proto/.test(line))
      .map((line) => `callback-token-type/${line}`),
  );
});

describe("buf lint shows file, line and column of a finding", () => {
  const file = "callback-token-in-spec/shared.proto";
  test.each([
    ["text", `${file}:6:3:Field "callback_token" must not be on message "Shared"`],
    ["github-actions", `::error file=${file},line=6,col=3,endLine=6,endColumn=50::Field`],
    ["junit", 'testcase name="STIGMER_CALLBACK_TOKEN_IN_SPEC_6_3"'],
  ])("in the format %s", async (format, expected) => {
    const config = bufYaml(["STIGMER_CALLBACK_TOKEN_IN_SPEC"]);
    const args = ["lint", ".", "--path", file, "--config", config, "--error-format", format];
    const { code, stdout } = await run(bufPath, args, { cwd: join(project, "proto") });
    expect(code).toBe(100);
    expect(stdout.toString()).toContain(expected);
  });
});
