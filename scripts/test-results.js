// Prints of a file of Vitest's results how many tests passed, failed and were skipped, and below it a
// line for each test that failed.
import { existsSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { root } from "./buf.js";

/**
 * @typedef {{ fullName: string, status: string, failureMessages: string[] }} Test
 * @typedef {{ name: string, status: string, message: string, assertionResults: Test[] }} TestFile
 * @typedef {{
 *   numPassedTests: number,
 *   numFailedTests: number,
 *   numPendingTests: number,
 *   numTodoTests: number,
 *   testResults: TestFile[],
 * }} Results
 */

const [, , file = ""] = process.argv;
const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = read();
console.log(numPassedTests, numFailedTests, numPendingTests + numTodoTests);

for (const { name, status, message, assertionResults } of testResults) {
  const path = relative(root, name);
  const failed = assertionResults.filter((test) => test.status === "failed");
  for (const { fullName, failureMessages } of failed) {
    console.log(`failed: ${path}: ${fullName}: ${firstLine(failureMessages[0])}`);
  }
  // One that could not be loaded, or whose hooks failed, has no test that did.
  if (status === "failed" && failed.length === 0) {
    console.log(`failed: ${path}: ${firstLine(message)}`);
  }
}

/** A run that left no file has failed. @returns {Results} */
function read() {
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
  return {
    numPassedTests: 0,
    numFailedTests: 1,
    numPendingTests: 0,
    numTodoTests: 0,
    testResults: [],
  };
}

function firstLine(text = "") {
  return text.split("\n", 1)[0];
}
