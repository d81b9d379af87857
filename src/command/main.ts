#!/usr/bin/env node
// `stigmer-handshakes`: docs/open-handshakes.md describes it. The rest is imported here, so that a peer that
// is missing is told in a sentence.

const peers =
  "it needs @temporalio/client and @temporalio/common, and with --service also @connectrpc/connect and " +
  "@connectrpc/connect-node";

function problemOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const [, missing] = /^Cannot find package '([^']+)'/.exec(message) ?? [];
  return missing === undefined ? message : `${missing} is not installed; ${peers}`;
}

function fail(error: unknown): void {
  // On one line, whatever a server has put into it.
  console.error(`stigmer-handshakes: ${problemOf(error).replace(/[\p{Cc}\s]+/gu, " ")}`);
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
