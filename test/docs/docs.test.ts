import { appendFileSync, cpSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ContractTable } from "../contract/compare-contract.js";
import { type Checkout, createCheckout } from "../scripts/checkout.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(root, "docs/reference");
const contract: ContractTable = JSON.parse(readFileSync(join(root, "test/contract.json"), "utf8"));
const pages = new Map(
  readdirSync(folder, { recursive: true })
    .map((path) => String(path).replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".md"))
    .map((path) => [path, readFileSync(join(folder, path), "utf8")]),
);

describe("npm run derive", () => {
  let checkout: Checkout;
  beforeAll(() => {
    checkout = createCheckout();
  });
  afterAll(() => checkout?.remove());

  function derive(...args: string[]) {
    const script = ["scripts/derive.js", "reference"];
    const { status, stderr } = checkout.run(process.execPath, ...script, ...args);
    return { status, stderr };
  }

  test("gives docs/reference as it is committed", () => {
    expect(derive("--check")).toEqual({ status: 0, stderr: "" });
  });

  test("finds with --check what has changed in apis/, src/ and examples, and mends it", () => {
    checkout.edit("apis/ai/stigmer/commons/apiresource/io.proto", "Names one", "Names a");
    checkout.edit("src/redaction/redact.ts", "safe to show", "safe to print");
    appendFileSync(join(checkout.folder, "examples/exports/wire/wire-error.ts"), "// More.\n");
    appendFileSync(join(checkout.folder, "docs/reference/README.md"), "By hand.\n");
    rmSync(join(checkout.folder, "docs/reference/api/testing.md"));
    cpSync(join(root, "LICENSE"), join(checkout.folder, "docs/reference/api/old.md"));

    const { status, stderr } = derive("--check");
    expect(status).toBe(1);
    expect(stderr.split("\n").slice(1, -1)).toEqual([
      "  differs  docs/reference/README.md",
      "  surplus  docs/reference/api/old.md",
      "  differs  docs/reference/api/redaction.md",
      "  missing  docs/reference/api/testing.md",
      "  differs  docs/reference/api/wire.md",
      "  differs  docs/reference/contract/apiresource.md",
    ]);

    expect(derive()).toEqual({ status: 0, stderr: "" });
    expect(derive("--check")).toEqual({ status: 0, stderr: "" });
  });
});

describe("the reference", () => {
  test("has no link that leads nowhere", () => {
    const dead = [...pages].flatMap(([page, text]) =>
      linksOf(text)
        .filter((link) => !link.startsWith("https://") && !leadsSomewhere(page, link))
        .map((link) => `${page}: ${link}`),
    );
    expect([...pages.values()].flatMap(linksOf).length).toBeGreaterThan(500);
    expect(dead).toEqual([]);
  });

  test("describes every message, field, enum, value and rpc of the contract", () => {
    const missing = Object.entries(contract).flatMap(([proto, file]) => {
      const { messages = {}, enums = {}, services = {} } = file;
      const path = posix.dirname(proto).replace(/^ai\/stigmer\/(?:agentic|commons)\//, "");
      const page = pages.get(`contract/${path}.md`) ?? "";
      const anchor = (...names: string[]) => `<a id="${names.join(".").toLowerCase()}"></a>`;
      const row = (number: number, parent: string, name: string) =>
        `| ${number} | ${anchor(parent, name)}\`${name}\` |`;
      const expected = [
        ...[messages, enums, services]
          .flatMap((kind) => Object.keys(kind))
          .map((name) => `### ${name}\n`),
        ...Object.entries(messages).flatMap(([parent, { fields }]) =>
          fields.map(({ number, name }) => row(number, parent, name)),
        ),
        ...Object.entries(enums).flatMap(([parent, values]) =>
          Object.entries(values).map(([name, number]) => row(number, parent, name)),
        ),
        ...Object.entries(services).flatMap(([parent, rpcs]) =>
          Object.keys(rpcs).map((name) => `#### ${anchor(parent, name)}${name}\n`),
        ),
      ];
      expect(expected.length).toBeGreaterThan(0);
      return expected.filter((text) => !page.includes(text));
    });
    expect(missing).toEqual([]);
  });

  test("marks what is secret, and what is reserved", () => {
    const workflows = pages.get("contract/workflowexecution/v1.md");
    const agents = pages.get("contract/agentexecution/v1.md");
    for (const page of [workflows, agents]) {
      expect(page).toMatch(/`callback_token` \| `bytes` \| \*\*Secret\*\*/);
    }
    expect(workflows).toContain("Reserved: 11, `callback_token`.");
    expect(agents).toContain("Reserved: 10, `callback_token`.");
    expect(pages.get("contract/executioncontext/v1.md")).toMatch(
      /`value` \| `string` \| \*\*Secret\*\*/,
    );
  });

  test("shows a function with its types, its comment and its example", () => {
    const page = pages.get("api/handshake.md") ?? "";
    const [, section = ""] = page.split("### reportOutcome()\n");
    expect(section).toContain(
      "queries: ExecutionQueries<E>,\n  { meter }: MeterOptions = {},\n): Promise<ReportResult>;",
    );
    expect(section).toContain("[`ActivityCompleter`](#interface-activitycompleter)");
    expect(section).toContain("Publish the terminal status first");
    expect(section).toContain("console.log(await report); // => reported");
  });

  test("shows of a class what it inherits from one that is not exported, and nothing private", () => {
    const page = pages.get("api/temporal/payload-converter.md") ?? "";
    const [, section = ""] = page.split("### class ProtobufEsJsonPayloadConverter\n");
    const [, code = ""] = /```ts\n([\s\S]*?)```/.exec(section) ?? [];
    expect(code).toContain("fromPayload<T>(");
    expect(code).not.toMatch(/private|protected|ProtobufEsPayloadConverter\b(?! )/);
  });

  test("says nothing of the machine that it was made on", () => {
    for (const [page, text] of pages) {
      for (const path of [root, homedir(), tmpdir()]) expect(text, page).not.toContain(path);
    }
  });
});

function withoutCode(text: string): string {
  return text.replaceAll(/```[\s\S]*?```/g, "");
}

function linksOf(text: string): string[] {
  return [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link ?? "");
}

function leadsSomewhere(page: string, link: string): boolean {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? page : posix.join(posix.dirname(page), path);
  const text = pages.get(target);
  if (text === undefined) {
    const file = posix.join("docs/reference", target);
    return anchor === undefined && readFileSync(join(root, file)).length > 0;
  }
  return anchor === undefined || anchorsOf(text).includes(anchor);
}

/** The anchors of a page: its own, and those that a code host gives its headings. */
function anchorsOf(text: string): string[] {
  const lines = withoutCode(text);
  const own = [...lines.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id ?? "");
  const headings = [...lines.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .replaceAll(/<[^>]*>/g, "")
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
  // A second heading of the same text has another anchor.
  return [...own, ...headings.filter((name, index) => headings.indexOf(name) === index)];
}
