import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { buf, root } from "./buf.js";

/**
 * Writes gen/ below a folder, from apis/.
 *
 * @param {string} folder
 */
export function generateStubs(folder) {
  const { status, stderr } = buf("generate", "--output", folder);
  if (status !== 0) throw new Error(`buf generate failed:\n${stderr}`);
}

/**
 * The files in which gen/ is not what apis/ gives.
 *
 * @returns {{ path: string, state: "missing" | "surplus" | "differs" }[]}
 */
export function findStubDrift() {
  const folder = mkdtempSync(join(tmpdir(), "stigmer-stubs-"));
  try {
    generateStubs(folder);
    const expected = read(join(folder, "gen"));
    const found = read(join(root, "gen"));
    const paths = [...new Set([...expected.keys(), ...found.keys()])].sort();
    return paths.flatMap((path) => {
      const [want, have] = [expected.get(path), found.get(path)];
      if (want === have) return [];
      const state = have === undefined ? "missing" : want === undefined ? "surplus" : "differs";
      return [{ path: `gen/${path}`, state }];
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * @param {string} folder
 * @returns {Map<string, string>}
 */
function read(folder) {
  if (!existsSync(folder)) return new Map();
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    files
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return [relative(folder, path), readFileSync(path, "utf8")];
      }),
  );
}
