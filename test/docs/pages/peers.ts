import { readPage } from "./page.js";
import { setupPage } from "./project.js";

/** What the entry points that code imports need, as the page on tools says. */
export function peersOf(code: string): string[] {
  const rows = [...readPage(setupPage).text.matchAll(/^\| (`\/.+?) \| (`@.+) \|$/gm)];
  if (rows.length < 3) throw new Error(`${setupPage}: expected a table of entry points`);
  return rows
    .filter(([, entries = ""]) =>
      inTicks(entries).some((entry) => code.includes(`"@stigmer/apis${entry}"`)),
    )
    .flatMap(([, , packages = ""]) => inTicks(packages));
}

function inTicks(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, part = ""]) => part);
}
