import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Checkout, createCheckout } from "./checkout.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

let checkout: Checkout;
beforeEach(() => {
  checkout = createCheckout();
});
afterEach(() => checkout.remove());

function derive(...args: string[]) {
  const { status, stderr } = checkout.run(process.execPath, "scripts/derive.js", ...args);
  return { status, stderr };
}

function read(path: string): string {
  return readFileSync(join(checkout.folder, path), "utf8");
}

/** The page that has a section, and the section. */
function section(name: string): [page: string, text: string] {
  const pages = ["README.md", ...readdirSync(join(root, "docs")).map((file) => `docs/${file}`)];
  const marks = new RegExp(`<!-- derived: ${name} -->\n([^]*?)\n<!-- /derived -->`);
  for (const page of pages.filter((path) => path.endsWith(".md"))) {
    const [, text] = marks.exec(read(page)) ?? [];
    if (text !== undefined) return [page, text];
  }
  throw new Error(`no page has the section ${name}`);
}

test("the drift check passes when all is what it is derived from", () => {
  expect(derive("--check")).toEqual({ status: 0, stderr: "" });
});

describe("the drift check", () => {
  test("fails with the list of stubs, and deriving mends them all", () => {
    const gen = join(checkout.folder, "gen/ai/stigmer/commons/apiresource");
    appendFileSync(join(gen, "io_pb.ts"), "// edited\n");
    rmSync(join(gen, "enum_pb.ts"));
    writeFileSync(join(gen, "old_pb.ts"), "");

    const { status, stderr } = derive("stubs", "--check");
    expect(status).toBe(1);
    expect(stderr.split("\n").slice(1, -1)).toEqual([
      "  missing  gen/ai/stigmer/commons/apiresource/enum_pb.ts",
      "  differs  gen/ai/stigmer/commons/apiresource/io_pb.ts",
      "  surplus  gen/ai/stigmer/commons/apiresource/old_pb.ts",
    ]);

    expect(derive("stubs")).toEqual({ status: 0, stderr: "" });
    expect(derive("stubs", "--check")).toEqual({ status: 0, stderr: "" });
  });

  test("fails with the pages whose tables are stale, and deriving mends them", () => {
    const [rules] = section("rules");
    const [matrix] = section("matrix");
    checkout.edit("src/buf-plugin/rules/resource-kept.ts", "keeps its spec", "has its spec");
    checkout.edit(matrix, "| add an rpc |", "| add a call |");

    const { status, stderr } = derive("rules", "matrix", "--check");
    expect(status).toBe(1);
    expect(stderr.split("\n").slice(1, -1)).toEqual(
      [rules, matrix].map((it) => `  differs  ${it}`),
    );

    expect(derive("rules", "matrix")).toEqual({ status: 0, stderr: "" });
    expect(section("rules")[1]).toMatch(
      /^\| `STIGMER_RESOURCE_KEPT` \| `buf breaking` \| .+ has its spec .+ \|$/m,
    );
    expect(read(matrix)).toBe(readFileSync(join(root, matrix), "utf8"));
  });

  test("writes a section that is empty, and nothing else of its page", () => {
    const [page, text] = section("rules");
    checkout.edit(page, `<!-- derived: rules -->\n${text}\n`, "<!-- derived: rules -->\n");
    expect(derive("rules").status).toBe(0);
    expect(read(page)).toBe(readFileSync(join(root, page), "utf8"));
  });

  test("cannot run on protos that do not compile, and says so", () => {
    appendFileSync(
      join(checkout.folder, "apis/ai/stigmer/commons/apiresource/io.proto"),
      "message {",
    );
    const { status, stderr } = derive("--check");
    expect(status).toBe(2);
    expect(stderr).toContain("io.proto");
  });
});

describe("a new field", () => {
  test("that is secret goes into all that is derived, and nowhere else", () => {
    const proto = "ai/stigmer/agentic/workflowexecution/v1/spec";
    checkout.edit(
      `apis/${proto}.proto`,
      "string trigger_message = 3;",
      "string trigger_message = 3;\n  // A note.\n  string added_by_a_test = 900 [debug_redact = true];",
    );
    const { stdout } = checkout.run(process.execPath, "scripts/derive.js");
    expect(stdout.trim().split("\n")).toEqual([
      `wrote  gen/${proto}_pb.ts`,
      "wrote  src/validation/descriptor-set.ts",
      "wrote  test/secret-fields.json",
      "wrote  docs/reference/contract/workflowexecution/v1.md",
      `wrote  ${section("matrix")[0]}`,
    ]);
    expect(JSON.parse(read("test/secret-fields.json"))).toContain(
      "ai.stigmer.agentic.workflowexecution.v1.WorkflowExecutionSpec.added_by_a_test",
    );
    expect(derive("--check")).toEqual({ status: 0, stderr: "" });
  });
});

test("a section that two pages have is refused, and so is one that none has", () => {
  const [page, table] = section("rules");
  appendFileSync(
    join(checkout.folder, "docs/nexus.md"),
    `\n<!-- derived: rules -->\n${table}\n<!-- /derived -->\n`,
  );
  const twice = derive("rules");
  expect(twice.status).toBe(2);
  expect(twice.stderr).toContain("docs/nexus.md");

  checkout.edit("docs/nexus.md", "<!-- derived: rules -->", "");
  checkout.edit(page, "<!-- derived: rules -->", "");
  expect(derive("rules")).toEqual({
    status: 2,
    stderr: expect.stringMatching(/^derive: expected <!-- derived: rules --> .+ found none\n$/),
  });
});

test.each([
  [["everything"], /expected names of validate, .+, sizes; got "everything"/],
  [["--fast"], /--fast/],
])("%j is refused with one clear sentence", (args, message) => {
  const { status, stderr } = derive(...args);
  expect(status).toBe(2);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^ +at /m);
});
