import { cp, mkdir, mkdtemp, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { downloads } from "./language.js";
import { project } from "./project.js";

const shared = join(downloads, "maven");

export interface MavenRepository {
  readonly folder: string;
  /** Keeps what was downloaded for the next run. */
  keep(): Promise<void>;
}

/** A local repository of Maven with all that was downloaded before. What is installed is for this run. */
export async function mavenRepository(): Promise<MavenRepository> {
  const folder = await mkdtemp(join(project(), "maven-"));
  await mkdir(shared, { recursive: true });
  // Where the stubs are installed, which nobody downloads.
  const own = "ai";
  for (const name of await readdir(shared)) {
    if (name !== own) await symlink(join(shared, name), join(folder, name));
  }
  return {
    folder,
    async keep() {
      for (const entry of await readdir(folder, { withFileTypes: true })) {
        if (!entry.isDirectory() || entry.name === own) continue;
        const options = { recursive: true, force: false };
        await cp(join(folder, entry.name), join(shared, entry.name), options);
      }
    },
  };
}
