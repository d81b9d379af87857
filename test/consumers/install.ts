import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { root } from "../../scripts/buf.js";
import { cached, cachedTools } from "./cached.js";
import { npmInstall } from "./npm-install.js";
import { run } from "./run.js";
import { nodeVersions, peers, pnpmVersion, typescriptVersions } from "./versions.js";

/** What `npm pack --json` tells of the tarball. */
export interface Packed {
  readonly filename: string;
  /** Bytes. */
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

declare module "vitest" {
  export interface ProvidedContext {
    packed: Packed;
    tarball: string;
    /** The folder of a project that has installed the tarball, and nothing else. */
    core: string;
    /** The folder of a project that has installed the package's peers too. */
    full: string;
    /** The compilers, by version. */
    tsc: Record<string, string>;
    /** The Node binaries, by version. */
    node: Record<string, string>;
    /** The folder in which tools/package.json is installed. */
    tools: string;
    /** The folder in which pnpm is installed. */
    pnpm: string;
    /** The address of a server of executions. */
    server: string;
  }
}

/** Vitest's global setup: packs the package, and installs it. Removes the projects in the end. */
export default async function install({ provide }: TestProject): Promise<() => void> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "stigmer-consumers-")));
  let server: { url: string; stop(): void } | undefined;
  const remove = () => {
    server?.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const pack = ["pack", "--silent", "--json", "--pack-destination", folder];
    const [packed] = JSON.parse(await run(root, "npm", ...pack)) as [Packed];
    const tarball = join(folder, packed.filename);
    provide("packed", packed);
    provide("tarball", tarball);

    const projects = { core: {}, full: peers };
    for (const [name, dependencies] of Object.entries(projects)) {
      await npmInstall(join(folder, name), { "@stigmer/apis": tarball, ...dependencies });
      provide(name as keyof typeof projects, join(folder, name));
    }

    const tsc: Record<string, string> = {};
    for (const version of typescriptVersions) {
      tsc[version] = join(await cached("typescript", "typescript", version), "bin/tsc");
    }
    provide("tsc", tsc);

    const node: Record<string, string> = {};
    const binaries = `node-${process.platform}-${process.arch}`;
    for (const version of nodeVersions) {
      node[version] = join(await cached("node", binaries, version), "bin/node");
    }
    provide("node", node);
    provide("tools", await cachedTools());
    provide("pnpm", await cached("pnpm", "pnpm", pnpmVersion));

    // It imports what only packing has built.
    const { startServer } = await import("./server.js");
    server = await startServer();
    provide("server", server.url);
  } catch (error) {
    remove();
    throw error;
  }
  return remove;
}
