import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const sources = ["src", "gen", "examples", "package.json", "tsconfig.build.json"];
// What the build writes last.
const output = join(root, "build/examples/handshake/main.js");

// Some tests run what users run: the built package and the built examples.
export default function build(): void {
  if (existsSync(output) && statSync(output).mtimeMs > Math.max(...sources.map(changedAt))) return;
  execFileSync("npm", ["run", "--silent", "build:examples"], { cwd: root, stdio: "inherit" });
}

/** When the newest file of a folder was changed, or a folder in it, as by the loss of a file. */
function changedAt(path: string): number {
  const { mtimeMs } = statSync(join(root, path));
  if (!statSync(join(root, path)).isDirectory()) return mtimeMs;
  const entries = readdirSync(join(root, path)).map((entry) => changedAt(join(path, entry)));
  return Math.max(mtimeMs, ...entries);
}
