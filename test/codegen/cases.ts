import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Violation } from "./program.js";
import { installed } from "./project.js";

/** A case of conformance/validation-cases.json. */
export interface Case {
  readonly name: string;
  readonly type: string;
  /** As proto3 JSON. */
  readonly message: string;
  readonly violations: readonly string[];
}

/** The cases that the package ships. */
export async function readCases(): Promise<readonly Case[]> {
  const file = join(installed(), "conformance/validation-cases.json");
  const cases: readonly { name: string; type: string; message: unknown; violations: Found[] }[] =
    JSON.parse(await readFile(file, "utf8"));
  return cases.map((given) => ({
    ...given,
    message: JSON.stringify(given.message),
    violations: textsOf(given.violations),
  }));
}

type Found = Pick<Violation, "field" | "rule">;

/** What is compared of violations. */
export function textsOf(violations: readonly Found[]): string[] {
  return violations.map(({ field, rule }) => `${field}: ${rule}`).sort();
}
