import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findBaseline } from "../../scripts/gate/baseline.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

const files = [
  ...["apis", "baseline", "dist", "docs", "gen", "scripts", "src", "third_party"],
  ...["tsconfig.json", "buf.yaml", "buf.gen.yaml", "package.json", "package-lock.json"],
  ...["CHANGELOG.md", "README.md", "LICENSE"],
];
const insideOthers = [
  ...["examples/exports", "test/gate", "test/secret-fields.json"],
  // What histories are recorded by.
  ...["test/support", "test/temporal/server.ts", "test/temporal/world/clients-over.js"],
];

export interface Checkout {
  readonly folder: string;
  /** Replaces a text that a file is known to contain. */
  edit(path: string, from: string, to: string): void;
  /** Sets the version of the package, also in its lock file. */
  setVersion(version: string): void;
  run(
    command: string,
    ...args: string[]
  ): { status: number | null; stdout: string; stderr: string };
  remove(): void;
}

/** A copy of what the scripts work on, in a temporary folder, under the version last released. */
export function createCheckout(): Checkout {
  const folder = mkdtempSync(join(tmpdir(), "stigmer-checkout-"));
  // With cpSync, a thousand files take longer than many a script that is tested on them.
  execFileSync("cp", ["-R", ...files.map((name) => join(root, name)), folder]);
  for (const name of insideOthers) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const setVersion = (version: string) => {
    for (const name of ["package.json", "package-lock.json"]) {
      const path = join(folder, name);
      const json = JSON.parse(readFileSync(path, "utf8"));
      json.version = version;
      if (json.lockfileVersion) json.packages[""].version = version;
      writeFileSync(path, `${JSON.stringify(json, null, 2)}\n`);
    }
  };
  setVersion(findBaseline().version);
  return {
    folder,
    setVersion,
    edit(path, from, to) {
      const text = readFileSync(join(folder, path), "utf8");
      if (!text.includes(from)) throw new Error(`${path} does not contain ${JSON.stringify(from)}`);
      writeFileSync(
        join(folder, path),
        text.replace(from, () => to),
      );
    },
    run(command, ...args) {
      const { status, stdout, stderr } = spawnSync(command, args, {
        cwd: folder,
        encoding: "utf8",
        // Not that of a pull request which the tests themselves run for.
        env: {
          ...process.env,
          npm_config_update_notifier: "false",
          GITHUB_BASE_REF: "",
          CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "",
        },
      });
      return { status, stdout, stderr };
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
