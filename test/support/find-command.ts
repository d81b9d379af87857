import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The program of that name in the folders of PATH, or in further folders; undefined if none is. */
export function findCommand(name: string, ...further: string[]): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return [...folders, ...further].map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
