import { expect, test } from "vitest";
import { problemText } from "../../src/command/problem-text.js";

const grpc = Object.assign(new Error("3 INVALID_ARGUMENT: no such column"), {
  details: "no such column",
});

test.each([
  ["an error", new Error("away"), "away"],
  ["an error of gRPC", grpc, "no such column"],
  ["its causes", new Error("Failed to list", { cause: grpc }), "Failed to list: no such column"],
  [
    "a cause that is told already",
    new Error("x: no such column", { cause: grpc }),
    "x: no such column",
  ],
  ["what is no error", "away", "away"],
  ["several lines", new Error("a\n\u001b[2Jb"), "a [2Jb"],
])("tells %s in a line", (_, error, text) => {
  expect(problemText(error)).toBe(text);
});
