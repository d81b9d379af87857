import { rm } from "node:fs/promises";
import { filesIn } from "./files-in.js";
import type { Language } from "./language.js";

/** The stubs of this input alone, by their paths: what stood beside them before is gone. */
export async function generateAnew(
  language: Language,
  input: string,
): Promise<Record<string, string>> {
  await rm(language.stubs(), { recursive: true, force: true });
  return filesIn(await language.generate(input));
}
