#!/usr/bin/env node
// `stigmer-handshakes`: docs/open-handshakes.md describes it. The rest is imported here, so that a peer that
// is missing is told in a sentence.

import { problemText } from "./problem-text.js";

const peers =
  "it needs @temporalio/client and @temporalio/common, and with --service also @connectrpc/connect and " +
  "@connectrpc/connect-node";

function fail(error: unknown): void {
  const text = problemText(error);
  const [, missing] = /^Cannot find package '([^']+)'/.exec(text) ?? [];
  const problem = missing === undefined ? text : `${missing} is not installed; ${peers}`;
  console.error(`stigmer-handshakes: ${problem}`);
  process.exitCode = 2;
}

// Whoever reads the lines has read enough, as `head` does.
process.stdout.on("error", () => process.exit(2));
try {
  const { run } = await import("./run.js");
  process.exitCode = await run(process.argv.slice(2), process.env, (line) =>
    process.stdout.write(`${line}\n`),
  );
} catch (error) {
  fail(error);
}
