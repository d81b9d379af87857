// Says of a folder that its modules are CommonJS, as the package's own are ES modules.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const [, , folder = ""] = process.argv;
const manifest = { type: "commonjs", sideEffects: false };
writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
