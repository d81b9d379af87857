/** What a reader does on a page, one step after the other. */
export type Step =
  /** Writes a file, as the page has it. */
  | { readonly kind: "write"; readonly path: string; readonly text: string }
  /** Types a block into the shell; `prints` is the output that the page shows below it. */
  | { readonly kind: "type"; readonly text: string; readonly prints: string | undefined }
  /** Types each line into a terminal of its own, where it goes on. */
  | { readonly kind: "start"; readonly lines: readonly string[]; readonly isAwaited: boolean };

/**
 * The steps of a page. A file's name stands above its block, as "`src/main.ts`:". A block of shell is
 * started in terminals of their own where the paragraph above it says so, and its address awaited
 * where it says that.
 */
export function stepsOf(page: string): Step[] {
  const blocks = [...page.matchAll(/^(.+)\n\n```(\w+)\n([\s\S]*?)^```$/gm)];
  if (blocks.length !== (page.match(/^```\w/gm) ?? []).length) {
    throw new Error("expected each block to stand below a line of text and a blank line");
  }
  return blocks.flatMap(([, , language, text = ""], index): Step[] => {
    const above = paragraphAbove(page, blocks[index]?.index ?? 0);
    const path = /^`([^`\s]+)`:$/.exec(above)?.[1];
    if (path !== undefined) return [{ kind: "write", path, text }];
    if (language === "text") return [];
    if (language !== "sh") throw new Error(`expected a file's name above a block of ${language}`);
    if (/\bterminal of its own\b/.test(above)) {
      const isAwaited = /\bwait until it prints its address\b/.test(above);
      return [{ kind: "start", lines: text.trimEnd().split("\n"), isAwaited }];
    }
    const [, , next, output] = blocks[index + 1] ?? [];
    return [{ kind: "type", text, prints: next === "text" ? output : undefined }];
  });
}

/** The paragraph that the line at this index ends, as one line. */
function paragraphAbove(page: string, index: number): string {
  const start = page.lastIndexOf("\n\n", index) + 2;
  return page.slice(start, page.indexOf("\n\n", index)).replaceAll("\n", " ");
}
