// Writes gen/ from apis/. With --check, writes nothing, lists the files that differ from what apis/
// gives, and exits with 1 when there are any.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));
const gen = join(root, "gen");

/** @param {string} output */
function generate(output) {
  const bin = join(root, "node_modules", ".bin");
  const { status, error } = spawnSync(join(bin, "buf"), ["generate", "--output", output], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` },
  });
  if (error) throw error;
  if (status !== 0) process.exit(2);
}

/**
 * @param {string} folder
 * @returns {Map<string, string>}
 */
function read(folder) {
  if (!existsSync(folder)) return new Map();
  return new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return [relative(folder, path), readFileSync(path, "utf8")];
      }),
  );
}

const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
if (!values.check) {
  generate(root);
} else {
  const folder = mkdtempSync(join(tmpdir(), "stigmer-generate-"));
  try {
    generate(folder);
    const [expected, found] = [read(resolve(folder, "gen")), read(gen)];
    const problems = [...new Set([...expected.keys(), ...found.keys()])].sort().flatMap((path) => {
      const [want, have] = [expected.get(path), found.get(path)];
      if (want === have) return [];
      if (have === undefined) return [`  missing  gen/${path}`];
      return [want === undefined ? `  surplus  gen/${path}` : `  differs  gen/${path}`];
    });
    if (problems.length > 0) {
      console.error("gen/ is not what apis/ gives; run `npm run generate` and commit:");
      console.error(problems.join("\n"));
      process.exitCode = 1;
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
