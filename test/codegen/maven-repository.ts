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
  for (const name of await readdir(shared)) await symlink(join(shared, name), join(folder, name));
  // That of the stubs, which nobody downloads.
  const group = "ai";
  return {
    folder,
    async keep() {
      for (const entry of await readdir(folder, { withFileTypes: true })) {
        if (!entry.isDirectory() || entry.name === group) continue;
        const options = { recursive: true, force: false };
        await cp(join(folder, entry.name), join(shared, entry.name), options);
      }
    },
  };
}
