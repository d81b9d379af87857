#!/usr/bin/env node
// `stigmer-handshakes`: what docs/open-handshakes.md describes. Imports its peers only when it runs, to
// say which is missing.

try {
  const { run } = await import("./run.js");
  // Whoever reads the lines has read enough, as `head` does.
  process.stdout.on("error", () => process.exit(2));
  process.exitCode = await run(process.argv.slice(2), process.env, (line) =>
    process.stdout.write(`${line}\n`),
  );
} catch (error) {
  console.error(`stigmer-handshakes: ${problemOf(error)}`);
  process.exitCode = 2;
}

function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [, missing] = /^Cannot find package '([^']+)'/.exec(error.message) ?? [];
  if (missing === undefined) return error.message;
  return `${missing} is not installed; needed are @temporalio/client, and with --service @connectrpc/connect and @connectrpc/connect-node`;
}
