// Removes the folders given as arguments, so that a build never keeps the output of a deleted source.
import { rmSync } from "node:fs";

for (const folder of process.argv.slice(2)) rmSync(folder, { recursive: true, force: true });
