import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { expect, test } from "vitest";
import { pagePaths, root, withoutBlocks } from "./pages/page.js";

const read = (file: string) => withoutBlocks(readFileSync(join(root, file), "utf8"));

/** The anchors that a code host gives to the headings of a page. */
function anchorsOf(file: string): string[] {
  return [...read(file).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}

function linksOf(file: string): [link: string, path: string, anchor: string][] {
  const links = read(file).matchAll(/\]\(([^)#]*)#?([^)]*)\)/g);
  return [...links].map(([link, path = "", anchor = ""]) => [link, path, anchor]);
}

// The other two are not packed.
test.each([...pagePaths, "CONTRIBUTING.md", "scripts/README.md"])(
  "%s has no link that leads nowhere",
  (page) => {
    for (const [link, path, anchor] of linksOf(page)) {
      if (path.startsWith("https://")) continue;
      const target = path === "" ? page : posix.join(posix.dirname(page), path);
      if (anchor === "") read(target);
      else expect(anchorsOf(target), link).toContain(anchor);
    }
  },
);

test("README leads to every page", () => {
  const linked = linksOf("README.md").map(([, path]) => path);
  // Of the gate, which links to it.
  const others = ["README.md", "docs/mutation-matrix.md"];
  expect(linked).toEqual(
    expect.arrayContaining(pagePaths.filter((path) => !others.includes(path))),
  );
  expect(linksOf("docs/gate.md").map(([, path]) => path)).toContain("mutation-matrix.md");
});
