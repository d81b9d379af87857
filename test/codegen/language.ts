import { homedir } from "node:os";
import { join } from "node:path";
import { findCommand } from "../support/find-command.js";
import type { Program, Protocol } from "./program.js";

/** Versions by the name of what has them. */
export type Versions = Readonly<Record<string, string>>;

/** A language for which the package has a template. */
export interface Language {
  readonly name: string;
  /** The commands that must be on the PATH. */
  readonly tools: readonly string[];
  /** What its stubs of services speak. */
  readonly protocols: readonly Protocol[];
  /** Makes ready what generating takes, as the README of its template says. */
  prepare(): Promise<void>;
  /**
   * Generates the stubs from this input of buf, with the template of the installed package; resolves
   * to their folder.
   */
  generate(input: string): Promise<string>;
  /** The folder of the stubs. */
  stubs(): string;
  /** Compiles the generated stubs and a program that uses them, and starts that. */
  start(): Promise<Program>;
  /** What the generators say of themselves. */
  generators(): Promise<Versions>;
  /** The file of the template that pins the versions of all that it uses. */
  readonly pins: string;
}

/** What is downloaded is kept for the next run. */
export const downloads = join(
  process.env.XDG_CACHE_HOME || join(homedir(), ".cache"),
  "stigmer-apis/codegen",
);

/** The tools of a language that are not there. */
export function missingTools({ tools }: Language): string[] {
  return tools.filter((tool) => findCommand(tool) === undefined);
}

/**
 * Whether the tools of a language are there. Says so in one line when they are not.
 *
 * Throws in CI (`CI=true`), where nothing may be skipped.
 */
export function isAvailable(language: Language): boolean {
  const missing = missingTools(language);
  if (missing.length === 0) return true;
  const reason = `no ${missing.join(" and no ")} on the PATH for the stubs in ${language.name}`;
  if (process.env.CI === "true") throw new Error(reason);
  console.log(`skipped: ${reason}`);
  return false;
}
