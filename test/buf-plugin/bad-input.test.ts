import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clone } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { check } from "../../src/buf-plugin/check.js";
import { rules } from "../../src/buf-plugin/rules/index.js";
import { service } from "./pluginrpc.js";
import { compile, decodeResponse, requestOf, wrap } from "./request.js";
import { bufPath, bufYaml, plugin, pluginPath, type Result, run } from "./run.js";

const checkPath = `${service}/Check`;
const formats = ["binary", "json"] as const;

let folder: string;
/** A request as buf sends it. */
let real: Buffer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "buf-plugin-stigmer-"));
  // Stands between buf and the plugin, and keeps what Check is asked.
  const recorder = join(folder, "recorder.mjs");
  writeFileSync(
    recorder,
    `import { spawnSync } from "node:child_process";
    import { readFileSync, writeFileSync } from "node:fs";
    const args = process.argv.slice(2);
    const isCheck = args.includes(${JSON.stringify(checkPath)});
    const input = isCheck ? readFileSync(0) : undefined;
    if (isCheck) writeFileSync(${JSON.stringify(join(folder, "request"))}, input);
    const command = [${JSON.stringify(pluginPath)}, ...args];
    const { status } = spawnSync(process.execPath, command, { input, stdio: [input ? "pipe" : "inherit", "inherit", "inherit"] });
    process.exitCode = status;
    `,
  );
  chmodSync(recorder, 0o755);
  writeFileSync(
    join(folder, "order.proto"),
    `syntax = "proto3";
    package acme.v1;
    import "google/protobuf/timestamp.proto";
    message OrderStatus {
      google.protobuf.Timestamp at = 1;
      bytes callback_token = 2 [debug_redact = true];
    }
    `,
  );
  const args = [
    "lint",
    ".",
    "--config",
    bufYaml(["STIGMER_CALLBACK_TOKEN_IN_SPEC"], ["node", recorder]),
  ];
  expect(await run(bufPath, args, { cwd: folder })).toMatchObject({ code: 100 });
  real = readFileSync(join(folder, "request"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function expectOneSentence({ code, stdout, stderr }: Result, about = /./): void {
  expect(code).toBe(1);
  expect(stdout).toHaveLength(0);
  expect(stderr).toMatch(/^buf-plugin-stigmer: .{5,}\n$/);
  expect(stderr).not.toMatch(/\bat .*:\d+:\d+|Error:|Cannot read prop|is not a function/);
  expect(stderr).toMatch(about);
}

describe("ends with one sentence on stderr, and exit code 1, for", () => {
  test.each([
    { what: "no arguments", args: [], about: /--protocol/ },
    { what: "an unknown flag", args: ["--nope"], about: /--nope/ },
    { what: "an unknown procedure", args: [`${service}/Fix`], about: /CheckService\/Fix/ },
    { what: "a service of another version", args: ["/buf.plugin.check.v2.CheckService/Check"] },
    { what: "two procedures", args: [checkPath, `${service}/ListRules`] },
    { what: "an unknown format", args: [checkPath, "--format", "yaml"], about: /yaml/ },
    { what: "an unknown format of --spec", args: ["--spec", "--format", "text"], about: /text/ },
    { what: "a format without a value", args: [checkPath, "--format"], about: /--format/ },
    { what: "a flag with a value", args: ["--protocol=2"], about: /--protocol/ },
  ])("$what", async ({ args, about }) => {
    expectOneSentence(await plugin(args, ""), about);
  });

  test.each(formats)("an empty or closed stdin (%s)", async (format) => {
    for (const input of ["", undefined]) {
      expectOneSentence(await plugin([checkPath, "--format", format], input));
    }
  });

  test("garbage", async () => {
    const property = fc.asyncProperty(
      fc.uint8Array({ minLength: 1, maxLength: 200 }),
      async (bytes) => {
        const result = await plugin([checkPath], bytes);
        if (result.code !== 0) return expectOneSentence(result);
        throw new Error("garbage was taken for a request");
      },
    );
    await fc.assert(property, { numRuns: 10 });
    for (const json of ["[]", "null", '"x"', "{}", '{"value":7}', "{", "\0", "{ }}"]) {
      expectOneSentence(await plugin([checkPath, "--format", "json"], json));
    }
  });

  test("a real request that is cut off", async () => {
    const whole = await plugin([checkPath], real);
    expect(decodeResponse(whole.stdout).value.annotations).toHaveLength(1);
    for (const part of [0.1, 0.5, 0.9, 1 - 1 / real.length]) {
      const cut = real.subarray(0, Math.floor(real.length * part));
      expectOneSentence(await plugin([checkPath], cut));
    }
  });

  test("a rule id that no rule has", async () => {
    const request = requestOf({ ruleIds: ["STIGMER_RESOURCE_KEPT", "STIGMER_NOPE"] });
    expectOneSentence(await plugin([checkPath], request), /STIGMER_NOPE/);
  });

  test("an Any of another type", async () => {
    const request = wrap("buf.plugin.check.v1.ListRulesRequest", new Uint8Array());
    expectOneSentence(await plugin([checkPath], request), /ListRulesRequest/);
  });

  test("files without the file that they import", async () => {
    const files = compile({
      "a.proto": 'syntax = "proto3"; import "b.proto"; message A { B b = 1; }',
      "b.proto": 'syntax = "proto3"; message B {}',
    }).filter(({ name }) => name === "a.proto");
    expectOneSentence(await plugin([checkPath], requestOf({ files, ruleIds: [] })), /b\.proto/);
  });
});

describe("check, in the process,", () => {
  /** Either an answer, or an Error with a message that is not an accident of the language. */
  function outcome(request: Uint8Array, format: (typeof formats)[number]): "answer" | "error" {
    try {
      check(request, format, rules);
      return "answer";
    } catch (error) {
      expect(error).toBeInstanceOf(Error);
      const { message } = error as Error;
      expect(message.length).toBeGreaterThan(5);
      expect(message).not.toMatch(/^Cannot (?:read|destructure)|is not (?:a function|iterable)/);
      expect(message).not.toMatch(/call stack/);
      return "error";
    }
  }

  test.each(formats)("refuses garbage (%s)", (format) => {
    const garbage = fc.uint8Array({ maxLength: 400 });
    const property = fc.property(garbage, (bytes) => {
      expect(outcome(bytes, format)).toBe("error");
    });
    fc.assert(property, { numRuns: 500 });
  });

  test("refuses a request with garbage inside", () => {
    const property = fc.property(fc.uint8Array({ minLength: 1, maxLength: 100 }), (bytes) => {
      outcome(wrap("buf.plugin.check.v1.CheckRequest", bytes), "binary");
    });
    fc.assert(property, { numRuns: 500 });
  });

  test("refuses a real request that is cut off anywhere", () => {
    const property = fc.property(fc.nat({ max: real.length - 1 }), (length) => {
      expect(outcome(real.subarray(0, length), "binary")).toBe("error");
    });
    fc.assert(property, { numRuns: 300 });
  });

  test("answers or refuses a real request with a byte changed", () => {
    const change = fc.record({ at: fc.nat({ max: real.length - 1 }), to: fc.nat({ max: 255 }) });
    const property = fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      const bytes = Uint8Array.from(real);
      for (const { at, to } of changes) bytes[at] = to;
      outcome(bytes, "binary");
    });
    fc.assert(property, { numRuns: 500 });
  });
});

test("10,000 messages are checked within seconds, with the right number of findings", async () => {
  const count = 10_000;
  const message = (index: number) => `message M${index} {
    message S${index}Spec { bytes callback_token = 1 [debug_redact = true]; }
    string name = 1;
    repeated M${index} children = 2;
    map<string, M${(index + 1) % count}> next = 3;
    S${index}Spec spec = 4;
  }`;
  const sources = Array.from({ length: count }, (_, index) => message(index));
  const against = compile({ "big.proto": `syntax = "proto3";\n${sources.join("\n")}` });
  const files = against.map((file) => clone(FileDescriptorProtoSchema, file));
  for (const [index, { nestedType }] of (files[0]?.messageType ?? []).entries()) {
    const spec = nestedType.find(({ name }) => name.endsWith("Spec"));
    for (const token of spec?.field ?? []) if (index % 10 === 0) delete token.options;
  }
  const expected = {
    STIGMER_CALLBACK_TOKEN_IN_SPEC: 0,
    STIGMER_CALLBACK_TOKEN_NOT_MOVED: 0,
    STIGMER_CALLBACK_TOKEN_REDACTED: count / 10,
    STIGMER_CALLBACK_TOKEN_TYPE: 0,
    STIGMER_FORMER_TOKEN_RESERVED: 0,
    STIGMER_REDACTION_KEPT: count / 10,
    STIGMER_RESOURCE_FIELD_NUMBERS: 0,
    STIGMER_RESOURCE_KEPT: 0,
    STIGMER_SECRET_VALUE_REDACTED: 0,
    STIGMER_SPEC_STATUS_SEPARATE: 0,
  };
  const ruleIds = Object.keys(expected);
  const start = performance.now();
  const request = requestOf({ files, against, ruleIds });
  const { code, stdout, stderr } = await plugin([checkPath], request);
  expect([code, stderr]).toEqual([0, ""]);
  expect(performance.now() - start).toBeLessThan(30_000);
  const found = decodeResponse(stdout).value.annotations ?? [];
  const counts = ruleIds.map((id) => [id, found.filter(({ ruleId }) => ruleId === id).length]);
  expect(Object.fromEntries(counts)).toEqual(expected);
});
