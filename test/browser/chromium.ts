import { type Browser, chromium } from "playwright-core";
import { findCommand } from "../support/find-command.js";

const names = ["chromium", "chromium-browser", "google-chrome"];

/**
 * Whether `launchChromium` finds a browser: `describe.skipIf(!chromiumAvailable())`. Says so in one
 * line when there is none.
 *
 * Throws in CI (`CI=true`), where nothing may be skipped.
 */
export function chromiumAvailable(): boolean {
  if (findChromium() !== undefined) return true;
  const missing = `no browser: put one of ${names.join(", ")} on the PATH (Debian: apt-get install chromium)`;
  if (process.env.CI === "true") throw new Error(missing);
  console.log(`skipped: ${missing}`);
  return false;
}

/** A headless browser with a profile of its own, which is gone when it is closed. */
export function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error("expected a browser, found none");
  return chromium.launch({
    executablePath,
    // What a browser does by itself goes to hosts that are none of the test's business.
    args: [
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-gpu",
      "--disable-quic",
      "--disable-sync",
      "--no-first-run",
    ],
    timeout: 60_000,
  });
}

function findChromium(): string | undefined {
  return names.map((name) => findCommand(name)).find((path) => path !== undefined);
}
