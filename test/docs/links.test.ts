import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const pages = ["docs/getting-started.md", "docs/nexus.md", "docs/troubleshooting.md"];

const withoutCode = (file: string) =>
  readFileSync(join(root, file), "utf8").replaceAll(/^```[\s\S]*?^```$/gm, "");

/** The anchors that a code host gives to the headings of a page. */
function anchorsOf(file: string): string[] {
  return [...withoutCode(file).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}

test.each(pages)("%s has no link that leads nowhere", (page) => {
  const links = [...withoutCode(page).matchAll(/\]\(([^)#]*)#?([^)]*)\)/g)];
  expect(links.length).toBeGreaterThan(2);
  for (const [link, path = "", anchor = ""] of links) {
    if (path.startsWith("https://")) continue;
    const target = path === "" ? page : posix.join("docs", path);
    if (anchor === "") withoutCode(target);
    else expect(anchorsOf(target), link).toContain(anchor);
  }
});
