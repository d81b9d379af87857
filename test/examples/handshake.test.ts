import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { findSecrets } from "../find-secrets.js";
import { expectJsonLines } from "./expect-json-lines.js";
import { runHandshake } from "./run-handshake.js";

const folder = mkdtempSync(join(tmpdir(), "stigmer-handshake-"));
afterAll(() => rmSync(folder, { recursive: true }));

const expected = {
  workflow: "completed",
  agent: "completed",
  "without-token": "completed",
  failing: "failed",
  "retried-caller": "completed",
  nested: "completed",
};

describe("npm run handshake", () => {
  test("ends every scenario as expected and shows neither a token nor a secret", async () => {
    const apiKey = "sk-live-4fZ0mXq81LrTnU7w";
    const record = join(folder, "random");
    const run = await runHandshake([], {
      env: { STOCK_API_KEY: apiKey, RECORD_RANDOM: record },
      preload: "record-random.mjs",
    });
    expect(run).toMatchObject({ code: 0, stderr: "" });
    for (const [scenario, outcome] of Object.entries(expected)) {
      expect(run.stdout).toMatch(new RegExp(`^${scenario} +${outcome} +[1-9]\\d* +\\d+$`, "m"));
    }
    const tokens = readFileSync(record, "utf8").trim().split("\n");
    expect(tokens.length).toBeGreaterThanOrEqual(6);
    const secrets = [apiKey, ...tokens.map((hex) => Buffer.from(hex, "hex"))];
    expect(findSecrets(run.stdout + run.stderr, secrets)).toEqual([]);
    expect(run.stdout).toMatch(/token 132 bytes, sha256:[0-9a-f]{8}/);
  });

  test("shows the token to the runner and not to a viewer", async () => {
    const { stdout } = await runHandshake(["--scenario", "workflow"]);
    expect(stdout).toMatch(/viewer {2}sees wex-\S+ with no token and no secret\n/);
    expect(stdout).toMatch(/runner {2}report of wex-\S+: reported \(token 132 bytes/);
  });

  test("prints JSON lines with --json, a summary last", () =>
    expectJsonLines(["caller", "runner", "viewer"]));

  test("exits with 1 when an outcome is not the expected one, and shows no secret then either", async () => {
    const apiKey = "sk-live-4fZ0mXq81LrTnU7w";
    const env = { STOCK_API_KEY: apiKey };
    const run = await runHandshake(["--scenario", "workflow"], {
      env,
      preload: "without-fetch.mjs",
    });
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/^workflow +failed, not completed/m);
    expect(findSecrets(run.stdout + run.stderr, [apiKey])).toEqual([]);
  });

  test("refuses a secret that no header can hold, without showing it", async () => {
    const apiKey = "sk-live-4fZ0mXq81L\nTnU7w-second-line";
    const run = await runHandshake([], { env: { STOCK_API_KEY: apiKey } });
    expect(run).toMatchObject({ code: 2, stdout: "" });
    expect(run.stderr).toContain("STOCK_API_KEY");
    expect(findSecrets(run.stderr, [apiKey])).toEqual([]);
  });

  test("explains itself with --help", async () => {
    const run = await runHandshake(["--help"]);
    expect(run).toMatchObject({ code: 0, stderr: "" });
    for (const scenario of Object.keys(expected)) expect(run.stdout).toContain(scenario);
  });

  test.each([
    [["--scenario", "nonsense"], /expected a scenario of workflow, .*; got "nonsense"/],
    [["--scenario"], /--scenario/],
    [["--colour"], /--colour/],
    [["workflow"], /workflow/],
  ])("refuses %j with one clear sentence and exit status 2", async (args, message) => {
    const run = await runHandshake(args);
    expect(run).toMatchObject({ code: 2, stdout: "" });
    expect(run.stderr).toMatch(message);
    expect(run.stderr).not.toMatch(/^ +at /m);
  });
});
