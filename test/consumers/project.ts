import { copyFileSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Makes a project in the folder of one that has installed the package, whose node_modules/ it
 * uses. It is given copies of files of projects/ under new names, and what else it needs as JSON or
 * text.
 */
export function createProject(
  parent: string,
  copies: Readonly<Record<string, string>>,
  others: Readonly<Record<string, unknown>> = {},
): string {
  const folder = mkdtempSync(join(parent, "project-"));
  for (const [name, source] of Object.entries(copies)) {
    copyFileSync(fileURLToPath(new URL(`projects/${source}`, import.meta.url)), join(folder, name));
  }
  for (const [name, content] of Object.entries(others)) {
    const text = typeof content === "string" ? content : JSON.stringify(content, null, 2);
    writeFileSync(join(folder, name), text);
  }
  return folder;
}
