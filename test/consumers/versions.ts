// What the projects install and what they are compiled and run with: exact versions, as there is no
// lock file. Vite and esbuild are this package's own; tools/ has a lock file of what else there is.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "../../scripts/buf.js";

/** What a project installs beside the package to use all of it. */
export const peers: Readonly<Record<string, string>> = {
  "@bufbuild/protovalidate": "1.3.0",
  "@connectrpc/connect": "2.1.2",
  "@connectrpc/connect-web": "2.1.2",
  "@temporalio/activity": "1.24.0",
  "@temporalio/client": "1.24.0",
  "@temporalio/common": "1.24.0",
  "@temporalio/workflow": "1.24.0",
  "@types/node": "20.19.43",
};

/** What docs/commonjs.md installs beside that, and what Nest's own configuration needs. */
export const tools: Readonly<Record<string, string>> = {
  "@bufbuild/protobuf": "2.13.0",
  "@nestjs/common": "11.2.10",
  "@nestjs/core": "11.2.10",
  "@nestjs/platform-express": "11.2.10",
  "@nestjs/testing": "11.2.6",
  "@swc/core": "1.16.22",
  "@swc/jest": "0.2.39",
  "@temporalio/worker": "1.24.0",
  "@types/jest": "30.0.0",
  jest: "30.5.2",
  "reflect-metadata": "0.2.2",
  rxjs: "7.8.2",
  "ts-jest": "29.4.15",
  typescript: "5.9.3",
};

/** What writes a new project of Nest. */
export const nestVersion = "11.0.13";

/** The first with `Uint8Array<ArrayBuffer>`, the last that is written in JavaScript, the newest. */
export const typescriptVersions = ["5.7.3", "6.0.3", "7.0.2"] as const;

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
