import { expect, test } from "vitest";
import { settingsOf } from "../../src/command/settings-of.js";

test("asks a server on this machine for all, unless told otherwise", () => {
  expect(settingsOf([], {})).toEqual({
    address: "localhost:7233",
    namespace: "default",
    runnerNamespace: "default",
    tls: false,
    limit: Number.POSITIVE_INFINITY,
    json: false,
  });
});

test("takes the server from the environment, as the temporal CLI does, and flags before it", () => {
  const env = { TEMPORAL_ADDRESS: "a:1", TEMPORAL_NAMESPACE: "callers", TEMPORAL_TLS: "true" };
  expect(settingsOf([], env)).toMatchObject({
    address: "a:1",
    namespace: "callers",
    runnerNamespace: "callers",
    tls: true,
  });
  const flags = ["--address", "b:2", "--namespace", "n", "--runner-namespace=runners"];
  expect(settingsOf(flags, env)).toMatchObject({
    address: "b:2",
    namespace: "n",
    runnerNamespace: "runners",
  });
});

test("sends a key over TLS only", () => {
  const env = { TEMPORAL_API_KEY: "key", STIGMER_AUTHORIZATION: "Bearer b" };
  expect(settingsOf([], env)).toMatchObject({
    tls: true,
    apiKey: "key",
    authorization: "Bearer b",
  });
  expect(settingsOf([], { TEMPORAL_API_KEY: "" })).toMatchObject({ tls: false });
});

test("narrows down what is listed", () => {
  const flags = ["--older-than", "2h", "--limit", "20", "--query", "a = 1", "--json"];
  expect(settingsOf([...flags, "--service", "http://localhost:8080"], {})).toMatchObject({
    olderThanMs: 7_200_000,
    limit: 20,
    query: "a = 1",
    json: true,
    service: "http://localhost:8080",
  });
});

test.each([
  [
    ["--older-than", "soon"],
    "--older-than: expected a duration such as 90s, 5m, 1h or 2d, got soon",
  ],
  [["--older-than", "-1h"], "--older-than"],
  [["--limit", "0"], "--limit: expected a number from 1, got 0"],
  [["--limit", "many"], "--limit: expected a number from 1, got many"],
  [["--service", "localhost:8080"], "--service: expected a URL that begins with http"],
  [["--api-key", "secret"], "Unknown option '--api-key'"],
  [["all"], "Unexpected argument 'all'"],
])("refuses %j", (args, message) => {
  expect(() => settingsOf(args, {})).toThrow(message);
});

test("never shows a key that stands in an address", () => {
  expect(() => settingsOf(["--service", "user:hunter2@host"], {})).toThrow(/^((?!hunter2).)*$/);
});

test("asks for help", () => {
  expect(settingsOf(["--help", "--json"], {})).toBe("help");
});
