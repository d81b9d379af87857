// Serves a page to watch demo executions with, until Ctrl+C.

import { fileURLToPath } from "node:url";
import { bundlePage } from "./bundle-page.js";
import { createDemo, type Ending } from "./demo.js";
import { serve } from "./serve.js";

// This file runs from build/examples/watch-execution; the page is bundled from its sources.
const sources = new URL("../../../examples/watch-execution/page", import.meta.url);

const endings: Record<Ending, string> = {
  completed: "completes",
  failed: "fails",
  cancelled: "is cancelled",
};

const demo = createDemo(console.log);

const page = await bundlePage(fileURLToPath(sources));
const server = await serve(page, demo.service, {
  // Starts an execution and sends the browser to the page that shows it.
  async fallback({ url }, response) {
    const ending = url?.slice(1) ?? "";
    if (Object.hasOwn(endings, ending)) {
      const id = await demo.start(ending as Ending);
      response.writeHead(303, { location: `/?id=${id}` });
    } else {
      response.writeHead(404);
    }
    response.end();
  },
});

console.log("Each of these starts an execution and shows it:");
for (const [ending, text] of Object.entries(endings)) {
  console.log(`  one that ${text.padEnd(13)} ${server.url}/${ending}`);
}

async function stop(exitCode: number): Promise<void> {
  await server.stop();
  await demo.service.stop();
  process.exit(exitCode);
}
process.once("SIGINT", () => stop(130));
process.once("SIGTERM", () => stop(143));
