// What the projects install and what they are compiled and run with: exact versions, as there is no
// lock file. Vite and esbuild are this package's own.

/** What a project installs beside the package to use all of it. */
export const peers: Readonly<Record<string, string>> = {
  "@connectrpc/connect": "2.1.2",
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
