// What the projects install and what they are compiled and run with: exact versions, as there is no
// lock file. Vite and esbuild are this package's own; tools/ has a lock file of what else there is.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "../../scripts/buf.js";

/** What a project installs beside the package to use all of it. */
export const peers: Readonly<Record<string, string>> = {
  "@connectrpc/connect": "2.1.2",
  "@connectrpc/connect-web": "2.1.2",
  "@temporalio/activity": "1.24.0",
  "@temporalio/client": "1.24.0",
  "@temporalio/common": "1.24.0",
  "@temporalio/workflow": "1.24.0",
  "@types/node": "20.19.43",
};

/** The first in which CommonJS may require ES modules, and the newest. */
export const typescriptVersions = ["5.8.3", "7.0.2"] as const;

/** The oldest supported, and the newest of each line that is maintained. */
export const nodeVersions = ["20.19.0", "22.23.3", "24.21.0", "26.10.0"] as const;

/** Not in the lock file of tools/: not every registry has it for the platforms that the lock file names. */
export const pnpmVersion = "12.21.0";

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

function versionsOf(manifest: string): Readonly<Record<string, string>> {
  const { dependencies, devDependencies }: Manifest = JSON.parse(readFileSync(manifest, "utf8"));
  return { ...devDependencies, ...dependencies };
}

/** Those of this package's own tools and dependencies. */
export const ownVersions = versionsOf(join(root, "package.json"));

/** Those of the tools that are installed for these tests alone. */
export const toolVersions = versionsOf(
  fileURLToPath(new URL("tools/package.json", import.meta.url)),
);
